/** Logging in and out: SASL with SCRAM (manual, "Authentication"). */
import { Binary } from 'bson';
import { userKey } from '../../model/names.ts';
import { mayLogIn } from '../authorize.ts';
import { anybody, type Command, type Context } from '../command-definition.ts';
import { CommandError, commandError } from '../errors.ts';
import { isMechanism, startScram } from '../scram.ts';
import { type Document, field, isDocument, numberOf } from '../values.ts';

/** All that a client is told, whatever the reason. */
function failed(): CommandError {
  return commandError('AuthenticationFailed', 'Authentication failed.');
}

function payloadOf(body: Document): string {
  const payload = field(body, 'payload');
  if (payload instanceof Binary) return Buffer.from(payload.value()).toString('utf8');
  if (typeof payload === 'string') return Buffer.from(payload, 'base64').toString('utf8');
  throw commandError('TypeMismatch', 'Wrong type for field; expected BinData or String for payload');
}

function stepReply(payload: string, done: boolean): Document {
  return { conversationId: 1, done, payload: new Binary(Buffer.from(payload)) };
}

function start({ connection, sandbox }: Context, db: string, body: Document): Document {
  connection.conversation = undefined;
  const mechanism = field(body, 'mechanism');
  if (mechanism === 'MONGODB-X509') {
    throw commandError('AuthenticationFailed', 'The sandbox has no TLS, so nobody logs in by certificate');
  }
  if (!isMechanism(mechanism)) {
    throw commandError(
      'MechanismUnavailable',
      `Received authentication for mechanism ${String(mechanism)} which is not enabled`,
    );
  }
  const started = startScram(mechanism, db, payloadOf(body), (user) =>
    sandbox.accounts.user({ user, db })?.credentials.get(mechanism),
  );
  if (started === undefined) throw failed();
  const options = field(body, 'options');
  const skipEmptyExchange = isDocument(options) && field(options, 'skipEmptyExchange') === true;
  connection.conversation = { scram: started.conversation, skipEmptyExchange, proven: false };
  return stepReply(started.serverFirst, false);
}

/** `saslStart` within `hello`: answered if it can succeed, else as if it had not been asked. */
export function speculate(context: Context, body: Document): Document | undefined {
  const db = field(body, 'db');
  const mechanism = field(body, 'mechanism');
  if (typeof db !== 'string' || !isMechanism(mechanism)) return undefined;
  try {
    const first = start(context, db, body);
    const user = context.connection.conversation?.scram.user ?? '';
    const account = context.sandbox.accounts.user({ user, db });
    return account === undefined || account.credentials.has(mechanism) ? first : undefined;
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

function continueSasl(context: Context): Document {
  const { request, connection } = context;
  const { conversation } = connection;
  connection.conversation = undefined;
  if (conversation === undefined) throw commandError('ProtocolError', 'No SASL conversation to continue');
  if (numberOf(field(request.body, 'conversationId')) !== 1) {
    throw commandError('ProtocolError', 'sasl: Mismatched conversation id');
  }
  if (conversation.scram.db !== request.db) {
    throw commandError('ProtocolError', 'Attempt to switch database target during SASL authentication.');
  }
  const message = payloadOf(request.body);
  if (conversation.proven) {
    logIn(context, conversation.scram);
    return stepReply('', true);
  }
  const signature = conversation.scram.finish(message);
  if (signature === undefined) throw failed();
  if (conversation.skipEmptyExchange) {
    logIn(context, conversation.scram);
    return stepReply(signature, true);
  }
  connection.conversation = { ...conversation, proven: true };
  return stepReply(signature, false);
}

function logIn({ sandbox, connection }: Context, proven: { readonly user: string; readonly db: string }): void {
  const account = sandbox.accounts.user(proven);
  if (account === undefined || !mayLogIn(sandbox.accounts, account, connection.login.endpoints)) throw failed();
  const present = connection.login.caller().account;
  if (present !== undefined && userKey(present) !== userKey(account)) {
    throw commandError(
      'ProtocolError',
      `Each client connection may only be authenticated once. Previously authenticated as: ${present.user}@${present.db}`,
    );
  }
  connection.login.enter(account);
}

const anonymous = { anonymous: true, authorize: anybody };

export const AUTHENTICATION_COMMANDS: readonly Command[] = [
  { name: 'saslStart', ...anonymous, run: (context) => start(context, context.request.db, context.request.body) },
  { name: 'saslContinue', ...anonymous, run: continueSasl },
  {
    name: 'authenticate',
    ...anonymous,
    run: () => {
      throw commandError('AuthenticationFailed', 'The sandbox has no TLS, so nobody logs in by certificate');
    },
  },
  {
    name: 'logout',
    ...anonymous,
    run: ({ connection }) => {
      connection.login.leave();
      return {};
    },
  },
];
