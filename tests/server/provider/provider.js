// A certified provider of OpenID Connect with one client, the dashboard, where anybody may sign in
// with any password: `node provider.js PORT CALLBACK SECRET`.
import Provider from "oidc-provider";

const [port, callback, secret] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "kanban",
      client_secret: secret,
      redirect_uris: [callback],
      post_logout_redirect_uris: [callback],
    },
  ],
  cookies: { keys: [secret] },
  claims: { openid: ["sub"], email: ["email"], profile: ["name", "login"] },
  conformIdTokenClaims: false, // the dashboard reads who it is from the ID token
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: id, login: id, email: `${id}@office.example` }),
  }),
});
provider.listen(Number(port), "127.0.0.1");
