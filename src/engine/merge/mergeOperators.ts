// The merge operators that an open store knows: the built-in ones, and those that were handed over
// when it was opened. A column family names its operator; the name is stored, the functions cannot
// be.

import { LsmError } from '../../base/errors.ts';
import { BUILT_IN_OPERATORS, builtInOperator } from '../../base/mergeOperators/builtInOperators.ts';
import type { MergeOperator } from '../../base/mergeOperators/mergeOperator.ts';

/** Operators by name. */
export class MergeOperators {
  private readonly given: ReadonlyMap<string, MergeOperator>;

  /**
   * @param given by the user, beside those that are built in.
   * @throws LsmError `INVALID_ARGUMENT` when two have the same name, or one that is built in.
   */
  constructor(given: readonly MergeOperator[] = []) {
    for (const [index, { name }] of given.entries()) {
      const isTwice = given.findIndex((other) => other.name === name) < index;
      if (!isTwice && builtInOperator(name) === undefined) continue;
      const message = `mergeOperators has "${name}", of which there is one already`;
      throw new LsmError('INVALID_ARGUMENT', `${message}; give yours another name`);
    }
    this.given = new Map(given.map((operator) => [operator.name, operator]));
  }

  /** The operator of this name; `undefined` when the store knows none. */
  find(name: string | null): MergeOperator | undefined {
    return name === null ? undefined : (builtInOperator(name) ?? this.given.get(name));
  }

  /** Whether the operator of this name is a user's: its functions cannot go to another thread. */
  isGiven(name: string | null): boolean {
    return name !== null && this.given.has(name);
  }

  /**
   * Checks a choice made now; one that is stored may be of an operator that is not there.
   * @throws LsmError `INVALID_ARGUMENT` for a name that no operator has.
   */
  requireKnown(name: string | null | undefined): void {
    if (name === null || name === undefined || this.find(name) !== undefined) return;
    throw new LsmError(
      'INVALID_ARGUMENT',
      `option mergeOperator is "${name}"; it must be one of ${BUILT_IN_OPERATORS.join(', ')}, ` +
        'or the name of one that is given in mergeOperators',
    );
  }
}
