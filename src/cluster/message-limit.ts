/**
 * How long a message is, the server says in front of it. The driver goes on for ever at a length of zero, and no timer ends
 * what never waits; below the length of a header it fails at the bytes that are missing. It has no option for that, so that
 * what a socket hands over is looked at where it is piped on.
 */
import { Socket } from 'node:net';
import { Transform } from 'node:stream';
import { Failure } from '../failure.ts';

/** The wire protocol's header: length, request, response, opcode (manual, "MongoDB Wire Protocol"). */
const HEADER_SIZE = 16;
/** The server's own limit, `MaxMessageSizeBytes`. */
const MAX_MESSAGE_SIZE = 48_000_000;
const LENGTH_SIZE = 4;

/** From now on, where `isOwn`, a server whose message has a length that is none gets a Failure, and loses the connection. */
export function limitMessages(isOwn: () => boolean): void {
  const pipe = Socket.prototype.pipe;
  Socket.prototype.pipe = function <T extends NodeJS.WritableStream>(
    this: Socket,
    to: T,
    options?: { end?: boolean },
  ): T {
    if (!isOwn() || !givesMessages(to)) return pipe.call(this, to, options) as T;
    const checked = checkedLengths().on('error', (error) => this.destroy(error));
    pipe.call(this, checked);
    return checked.pipe(to, options);
  };
}

/** What makes messages of bytes, as the driver does. */
function givesMessages(stream: object): boolean {
  return 'readableObjectMode' in stream && stream.readableObjectMode === true;
}

/** Hands on what comes in, up to a length that is none. */
function checkedLengths(): Transform {
  const wrongLength = lengthReader();
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      const length = wrongLength(chunk);
      if (length === undefined) done(null, chunk);
      else done(lengthFailure(length));
    },
  });
}

function lengthFailure(length: number): Failure {
  return new Failure(`the server sends a message of ${length} bytes, as no MongoDB does`, {
    advice: 'see whether this is the right server',
  });
}

/** Takes the bytes of a connection one piece after the other; gives a length that no message has. */
function lengthReader(): (chunk: Buffer) => number | undefined {
  let start = Buffer.alloc(0);
  let rest = 0;
  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      const taken = chunk.subarray(at, at + (rest > 0 ? rest : LENGTH_SIZE - start.length));
      at += taken.length;
      if (rest > 0) {
        rest -= taken.length;
        continue;
      }
      start = Buffer.concat([start, taken]);
      if (start.length < LENGTH_SIZE) return undefined;
      const length = start.readInt32LE(0);
      if (length < HEADER_SIZE || length > MAX_MESSAGE_SIZE) return length;
      rest = length - LENGTH_SIZE;
      start = Buffer.alloc(0);
    }
    return undefined;
  };
}
