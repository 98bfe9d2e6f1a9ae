// The type of one kind of event, stamped.

import type { LsmEvent, LsmEventKind } from '../events.ts';

/** The event of this kind. */
export type EventOf<Kind extends LsmEventKind> = Extract<LsmEvent, { readonly kind: Kind }>;
