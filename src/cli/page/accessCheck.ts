// Who may talk to the local page's server. It listens on the loopback interface only, yet every web
// page that the user visits could send requests there; so each request must show all of
//
// - the token of this run (32 hexadecimal digits, in the address that was printed),
// - a Host header that names this server: a foreign name that was made to resolve to 127.0.0.1 (DNS
//   rebinding) is refused,
// - no Origin header, or this server's own: scripts of other pages are refused.

import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What this server calls itself. */
export interface ServerIdentity {
  readonly port: number;
  readonly token: string;
}

/** A request, as far as access depends on it. */
export interface Visitor {
  readonly headers: IncomingHttpHeaders;
  /** The token it showed, or `null`. */
  readonly token: string | null;
}

/** Why the visitor is refused, in one line; `undefined` when it may pass. */
export function refusalOf(visitor: Visitor, server: ServerIdentity): string | undefined {
  const { host, origin } = visitor.headers;
  const hosts = [`127.0.0.1:${server.port}`, `localhost:${server.port}`];
  if (host === undefined || !hosts.includes(host)) return 'this server answers only to 127.0.0.1';
  if (origin !== undefined && !hosts.some((name) => origin === `http://${name}`)) {
    return 'requests from other pages are refused';
  }
  if (visitor.token === null || !isSame(visitor.token, server.token)) {
    return 'the address lacks its token: use the one that lsm-lens printed';
  }
  return undefined;
}

/** Compares in a time that does not tell how much was right. */
function isSame(shown: string, expected: string): boolean {
  const shownBytes = Buffer.from(shown);
  const expectedBytes = Buffer.from(expected);
  return shownBytes.length === expectedBytes.length && timingSafeEqual(shownBytes, expectedBytes);
}
