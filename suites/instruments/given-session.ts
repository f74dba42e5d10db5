// Takes a session that was made elsewhere into use: asks the application whose it is. Called by accounts, once for each account and side.
import { GateError } from '../../gates/model.ts';
import type { GivenSession, HttpClient, HttpResponse, Session, SideName, Surface } from '../../gates/model.ts';
import { readField } from './json-field.ts';
import { isOver } from './session-headers.ts';

export interface GivenAccount {
  readonly account: string;
  readonly role: string;
  readonly side: SideName;
}

/** Throws GateError LOGIN_FAILED where the application does not accept it. */
export async function adoptSession(
  given: GivenSession,
  of: GivenAccount,
  { http, surface }: { readonly http: HttpClient; readonly surface: Surface },
): Promise<Session> {
  if (of.side !== 'target' && 'token' in given) {
    throw new GateError('LOGIN_FAILED', `The session of account "${of.account}" is a token of the target; the ${of.side} side is not shown it.`, {
      remedy: "Sides are compared with `auth.kind: 'password'`, or with a storage state that holds cookies of both.",
    });
  }
  const session: Session = { account: of.account, role: of.role, email: '', userId: '', ...given };
  const response = await http.send({ path: surface.auth.me, side: of.side, as: session });
  if (response.status !== 200) throw refuse(given, of, surface.auth.me, response);
  const data = readField(response.json, 'data') ?? response.json;
  const [email, userId] = ['email', 'id'].map((field) => readField(data, `user.${field}`) ?? readField(data, field));
  if (typeof email !== 'string') throw unknown(of, surface.auth.me);
  return { ...session, email, userId: typeof userId === 'string' || typeof userId === 'number' ? String(userId) : '' };
}

function refuse(given: GivenSession, { account, side }: GivenAccount, path: string, response: HttpResponse): GateError {
  const code = readField(response.json, 'error.code');
  const where = side === 'target' ? '' : ` on the ${side} side`;
  const over = 'cookies' in given ? given.cookies.filter((cookie) => isOver(cookie, new Date())).map(({ name }) => name) : [];
  return new GateError(
    'LOGIN_FAILED',
    `The session of account "${account}" is not accepted${where}: GET ${path} answers ${response.status}${typeof code === 'string' ? ` ${code}` : ''}.`,
    { remedy: `${over.length === 0 ? '' : `Expired: ${over.join(', ')}. `}Log in again and renew what \`auth.accounts.${account}\` names.` },
  );
}

function unknown({ account }: GivenAccount, path: string): GateError {
  return new GateError('LOGIN_FAILED', `GET ${path} does not tell whose the session of account "${account}" is: there is no \`user.email\` in its answer.`, {
    remedy: 'Check `surface.auth.me` against the application.',
  });
}
