// The events of column families: one comes, one goes. What happens inside one is told by the events
// of its memtables, tables and jobs, which all name their `family`.

import type { LevelTarget, Tied } from './events.ts';

export type FamilyEvent =
  | (Tied & {
      readonly kind: 'family.create';
      readonly family: number;
      readonly name: string;
      /** Its first memtable, empty. */
      readonly memtable: { readonly memtable: number; readonly capacityBytes: number };
      /** Its levels, without a table. */
      readonly levels: readonly LevelTarget[];
    })
  | (Tied & {
      /** Its tables left the version; their files go when nobody reads them any more. */
      readonly kind: 'family.drop';
      readonly family: number;
      readonly name: string;
    });
