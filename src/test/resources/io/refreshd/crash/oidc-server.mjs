// The certified oidc-provider on a loopback port, as a strict token endpoint: a refresh token is
// spent by its redemption, and presenting a spent one revokes its whole family.
// It ends when its standard input does. Control requests (/crash/...) are for the test alone.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { createServer } from 'node:http';

// node_modules is not beside this file: its folder is the first argument
const require = createRequire(pathToFileURL(process.argv[2] + '/'));
const { Provider } = await import(pathToFileURL(require.resolve('oidc-provider')));

const CLIENT = 'keeper';

/** All that the provider keeps; its own memory adapter forgets all but the newest thousand. */
const kept = new Map();
class Kept {
  constructor(kind) { this.kind = kind; }
  key(id) { return `${this.kind}:${id}`; }
  async upsert(id, payload) { kept.set(this.key(id), payload); }
  async find(id) { return kept.get(this.key(id)); }
  async findByUid() { return undefined; }
  async findByUserCode() { return undefined; }
  async consume(id) { kept.get(this.key(id)).consumed = Math.floor(Date.now() / 1000); }
  async destroy(id) { kept.delete(this.key(id)); }
  async revokeByGrantId(grantId) {
    for (const [key, payload] of kept) if (payload.grantId === grantId) kept.delete(key);
  }
}

/** By account: how its last consent was used. */
const chains = new Map();
/** From each refresh token to the account whose it is. */
const owners = new Map();
let refusing = false;
/** How many requests are under way: one whose client is dead is done to its end all the same. */
let underWay = 0;

const provider = new Provider('http://127.0.0.1', {
  adapter: Kept,
  clients: [{
    client_id: CLIENT, client_secret: 'keeper-secret', redirect_uris: ['http://127.0.0.1/cb'],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_post',
  }],
  findAccount: (ctx, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
  rotateRefreshToken: true,
  scopes: ['openid', 'offline_access'],
  ttl: { RefreshToken: 86400, Grant: 86400, AccessToken: 3600, IdToken: 3600 },
});

provider.use(async (ctx, next) => {
  underWay++;
  try {
    await next();
    remember(ctx);
  } finally {
    underWay--;
  }
});

function remember(ctx) {
  const presented = ctx.oidc?.params?.refresh_token;
  const chain = chains.get(owners.get(presented));
  if (!chain) return;
  chain.requests++;
  const issued = ctx.body?.refresh_token;
  if (ctx.status === 200 && issued) {
    chain.redemptions++;
    chain.previous = chain.newest;
    chain.newest = issued;
    owners.set(issued, owners.get(presented));
  }
}

async function rest() {
  while (underWay > 0) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** What a person's sign-in brings: a first token in a family of its own. */
async function consent(account) {
  const grant = new provider.Grant({ accountId: account, clientId: CLIENT });
  grant.addOIDCScope('openid offline_access');
  const grantId = await grant.save();
  const client = await provider.Client.find(CLIENT);
  const token = new provider.RefreshToken({
    accountId: account, client, grantId, scope: 'openid offline_access', rotations: 0,
    gty: 'authorization_code', expiresWithSession: false, iiat: Math.floor(Date.now() / 1000),
    authTime: Math.floor(Date.now() / 1000), claims: {},
  });
  const value = await token.save();
  chains.set(account, { newest: value, previous: null, redemptions: 0, requests: 0 });
  owners.set(value, account);
  return value;
}

const callback = provider.callback();
const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://127.0.0.1');
  const account = url.searchParams.get('account');
  const json = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  switch (url.pathname) {
    case '/crash/consent': return json(200, { token: await consent(account) });
    case '/crash/chain': await rest(); return json(200, chains.get(account));
    case '/crash/refuse': refusing = url.searchParams.get('on') === 'true'; return json(200, {});
    default:
      if (!refusing) return callback(request, response);
      request.resume();
      return request.on('end', () => json(503, { error: 'temporarily_unavailable' }));
  }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit());
