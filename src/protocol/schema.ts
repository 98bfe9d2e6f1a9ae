// Descriptions of plain data, checked at run time and by the compiler: a schema of T can only be
// put together from schemas of T's fields. They are data, not functions, so that one description
// both checks a message that came from outside and generates messages for the tests.

import { LsmError } from '../base/errors.ts';

/** How a value must look; `max` bounds the length of what is counted. */
export type SchemaNode =
  /** An integer from 0 to `max`. */
  | { readonly is: 'count'; readonly max: number }
  /** Any finite number. */
  | { readonly is: 'number' }
  | { readonly is: 'boolean' }
  | { readonly is: 'text'; readonly max: number }
  | { readonly is: 'bytes'; readonly max: number }
  | { readonly is: 'choice'; readonly among: readonly (string | number)[] }
  | { readonly is: 'nullable'; readonly of: SchemaNode }
  | { readonly is: 'optional'; readonly of: SchemaNode }
  | { readonly is: 'list'; readonly of: SchemaNode; readonly max: number }
  | { readonly is: 'tuple'; readonly of: readonly SchemaNode[] }
  /** An object with these fields; others are passed over. */
  | { readonly is: 'record'; readonly fields: Readonly<Record<string, SchemaNode>> }
  /** An object with any names and values that all look alike. */
  | { readonly is: 'map'; readonly of: SchemaNode; readonly max: number }
  /** An object whose `tag` field says which of the cases it is. */
  | {
      readonly is: 'union';
      readonly tag: string;
      readonly cases: Readonly<Record<string, SchemaNode>>;
    }
  /** One of several kinds of plain value. */
  | { readonly is: 'either'; readonly of: readonly SchemaNode[] };

/** A description of T. */
export type Schema<T> = SchemaNode & { readonly describes?: (value: T) => T };

type FieldsOf<T> = { readonly [K in keyof T]-?: Schema<T[K]> };
type CasesOf<T, Tag extends keyof T> = {
  readonly [K in T[Tag] & string]: Schema<Omit<Extract<T, { readonly [P in Tag]: K }>, Tag>>;
};

/** An integer from 0 to 2^53 - 1. */
export const count: Schema<number> = countTo(Number.MAX_SAFE_INTEGER);
export const number: Schema<number> = { is: 'number' };
export const boolean: Schema<boolean> = { is: 'boolean' };

/** An integer from 0 to `max`. */
export function countTo(max: number): Schema<number> {
  return { is: 'count', max };
}

/** A string of at most `max` UTF-16 units. */
export function text(max: number): Schema<string> {
  return { is: 'text', max };
}

/** At most `max` bytes. */
export function bytes(max: number): Schema<Uint8Array> {
  return { is: 'bytes', max };
}

export function choice<const T extends string | number>(...among: readonly T[]): Schema<T> {
  return { is: 'choice', among };
}

export function nullable<T>(of: Schema<T>): Schema<T | null> {
  return { is: 'nullable', of };
}

/** A field that may be missing. */
export function optional<T>(of: Schema<T>): Schema<T | undefined> {
  return { is: 'optional', of };
}

/** At most `max` items that look alike. */
export function list<T>(of: Schema<T>, max: number): Schema<readonly T[]> {
  return { is: 'list', of, max };
}

/** Exactly these items. */
export function pair<First, Second>(
  first: Schema<First>,
  second: Schema<Second>,
): Schema<readonly [First, Second]> {
  return { is: 'tuple', of: [first, second] };
}

export function record<T>(fields: FieldsOf<T>): Schema<T> {
  return { is: 'record', fields };
}

/** At most `max` names with values that look alike. */
export function map<T>(of: Schema<T>, max: number): Schema<Readonly<Record<string, T>>> {
  return { is: 'map', of, max };
}

export function union<T, Tag extends keyof T & string>(
  tag: Tag,
  cases: CasesOf<T, Tag>,
): Schema<T> {
  return { is: 'union', tag, cases };
}

export function either<First, Second, Third = never>(
  ...of: readonly [Schema<First>, Schema<Second>, Schema<Third>?]
): Schema<First | Second | Third> {
  return { is: 'either', of: of as readonly SchemaNode[] };
}

/**
 * The same value, once it is known to look as described.
 * @param name what the value is called in the error.
 * @throws LsmError `INVALID_ARGUMENT` naming the first field that does not fit.
 */
export function checkShape<T>(schema: Schema<T>, value: unknown, name: string): T {
  const fault = findFault(schema, value);
  if (fault === undefined) return value as T;
  throw new LsmError('INVALID_ARGUMENT', `${name}${fault}`);
}

/** Where and how the value first differs (`.path must be …`); `undefined` when it does not. */
function findFault(node: SchemaNode, value: unknown): string | undefined {
  switch (node.is) {
    case 'count':
      return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= node.max
        ? undefined
        : ` must be an integer from 0 to ${node.max}`;
    case 'number':
      return Number.isFinite(value) ? undefined : ' must be a number';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : ' must be true or false';
    case 'text':
      return typeof value === 'string' ? tooLong(value, node.max) : ' must be a text';
    case 'bytes':
      return value instanceof Uint8Array ? tooLong(value, node.max) : ' must be bytes';
    case 'choice':
      return node.among.includes(value as string | number)
        ? undefined
        : ` must be one of ${node.among.join(', ')}`;
    case 'nullable':
      return value === null ? undefined : findFault(node.of, value);
    case 'optional':
      return value === undefined ? undefined : findFault(node.of, value);
    case 'either':
      return node.of.some((one) => findFault(one, value) === undefined)
        ? undefined
        : ` must be one of ${node.of.map((one) => one.is).join(', ')}`;
    case 'list':
    case 'tuple':
      return findFaultInList(node, value);
    case 'record':
    case 'map':
    case 'union':
      return findFaultInObject(node, value);
  }
}

function findFaultInList(
  node: SchemaNode & { is: 'list' | 'tuple' },
  value: unknown,
): string | undefined {
  if (!Array.isArray(value)) return ' must be a list';
  if (node.is === 'tuple' && value.length !== node.of.length) {
    return ` must have ${node.of.length} items`;
  }
  if (node.is === 'list' && value.length > node.max) return tooLong(value, node.max);
  for (let index = 0; index < value.length; index++) {
    const fault = findFault(node.is === 'list' ? node.of : node.of[index]!, value[index]);
    if (fault !== undefined) return `[${index}]${fault}`;
  }
  return undefined;
}

function findFaultInObject(
  node: SchemaNode & { is: 'record' | 'map' | 'union' },
  value: unknown,
): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return ' must be an object';
  }
  const object = value as Readonly<Record<string, unknown>>;
  if (node.is === 'union') {
    const tag = object[node.tag];
    if (typeof tag === 'string' && Object.hasOwn(node.cases, tag)) {
      return findFault(node.cases[tag]!, value);
    }
    return `.${node.tag} must be one of ${Object.keys(node.cases).join(', ')}`;
  }
  const names = node.is === 'record' ? node.fields : object;
  let seen = 0;
  for (const name in names) {
    if (node.is === 'map' && ++seen > node.max) return ` has more than ${node.max} fields`;
    const fault = findFault(node.is === 'map' ? node.of : node.fields[name]!, object[name]);
    if (fault !== undefined) return `.${name}${fault}`;
  }
  return undefined;
}

function tooLong(value: { readonly length: number }, max: number): string | undefined {
  return value.length <= max ? undefined : ` has length ${value.length}, more than ${max}`;
}
