// A manifest's file, whose edits are decoded once and told twice: to the replay that stands at its
// end, and to the one behind it that tells the history.

import { LsmError } from '../base/errors.ts';
import type { Progress } from '../protocol/messages.ts';
import type { ForeignDirectory } from './foreignDirectory.ts';
import { ProblemList } from './problems.ts';
import { RecordLogReader } from './recordLog/recordLogReader.ts';

/** Edits kept for a history that nobody has asked for yet; of more, the file is read again. */
const KEPT_MAX = 50_000;
const FORGOTTEN_AT_ONCE = 4096;
const EDITS_PER_PROGRESS = 1024;

/** One edit as it was read. */
export interface ReadEdit<Edit> {
  readonly edit: Edit;
  /** Where its record begins in the file, and where the next one does. */
  readonly offset: number;
  readonly endOffset: number;
}

/** Where a replay takes its edits from. */
export interface EditSource<Edit> {
  /** The next edit; `undefined` when there is none yet. */
  next(): ReadEdit<Edit> | undefined;
}

/** @throws LsmError `CORRUPTION` when a field does not fit. */
export type DecodeEdit<Edit> = (bytes: Uint8Array, file: string, offset: number) => Edit;

/** A manifest, or `undefined` when it has been replaced and deleted meanwhile. @throws LsmError */
export function openUnlessGone<Opened>(
  directory: ForeignDirectory,
  name: string,
  open: () => Opened,
): Opened | undefined {
  try {
    return open();
  } catch (thrown) {
    if (thrown instanceof LsmError && !directory.has(name)) return undefined;
    throw thrown;
  }
}

/** Reads the edits of one manifest; what cannot be understood is listed and passed over. */
export class ManifestFile<Edit> implements EditSource<Edit> {
  readonly name: string;
  private readonly directory: ForeignDirectory;
  private readonly problems: ProblemList;
  private readonly decode: DecodeEdit<Edit>;
  private readonly keptMax: number;
  private readonly log: RecordLogReader;
  private readonly closeFile: () => void;
  private readonly sizeBytes: () => number;
  /** What was read and not told to the second replay; `undefined`: too much, it was let go. */
  private kept: ReadEdit<Edit>[] | undefined = [];
  private isToldTwice = false;
  private second: ManifestFile<Edit> | undefined;

  /**
   * @param keptMax edits kept until somebody asks for them `again`.
   * @throws LsmError `IO`.
   */
  constructor(
    directory: ForeignDirectory,
    name: string,
    problems: ProblemList,
    decode: DecodeEdit<Edit>,
    keptMax: number = KEPT_MAX,
  ) {
    this.keptMax = keptMax;
    const file = directory.open(name);
    this.directory = directory;
    this.name = name;
    this.problems = problems;
    this.decode = decode;
    this.log = new RecordLogReader(file, name, problems);
    this.closeFile = () => file.close();
    this.sizeBytes = () => file.sizeBytes();
  }

  next(): ReadEdit<Edit> | undefined {
    for (;;) {
      const record = this.log.next();
      if (record === undefined) return undefined;
      const { bytes, offset } = record;
      try {
        const edit = this.decode(bytes, this.name, offset);
        return this.keep({ edit, offset, endOffset: this.log.offset });
      } catch (thrown) {
        this.problems.addThrown(thrown, this.name);
      }
    }
  }

  /**
   * The same edits from the beginning, as far as they have been read by `next`. Call once.
   * @throws LsmError `IO` when they have to be read again.
   */
  again(): EditSource<Edit> {
    this.isToldTwice = true;
    const { kept, directory, name, decode, log } = this;
    if (kept !== undefined) return new KeptEdits(kept);
    // Its faults have been listed.
    const second = new ManifestFile(directory, name, new ProblemList(), decode);
    second.kept = undefined;
    this.second = second;
    // It stops in the middle of what it has in memory: there is more behind the end of that.
    const more = (): ReadEdit<Edit> | undefined => second.next() ?? second.next();
    return { next: () => (second.log.offset < log.offset ? more() : undefined) };
  }

  /**
   * Lets the replay that stands at its end take in all that is there.
   * @param onProgress hears now and then how many bytes that were.
   */
  replayAll(
    replay: { readonly next: () => unknown },
    onProgress?: (progress: Progress) => void,
  ): void {
    for (let edits = 1; replay.next() !== undefined; edits++) {
      if (onProgress === undefined || edits % EDITS_PER_PROGRESS !== 0) continue;
      const [done, total] = [this.log.offset, this.sizeBytes()];
      onProgress({ done, total, unit: 'bytes', message: `reading ${this.name}` });
    }
  }

  /** Whether there is more of it than was read. */
  get hasGrown(): boolean {
    return this.sizeBytes() > this.log.seenBytes;
  }

  /**
   * Whether another file has its name by now: the store was deleted and begun anew. Manifests only
   * grow, so that the name's size lies between two of the file's own.
   */
  get isReplaced(): boolean {
    const before = this.sizeBytes();
    const named = this.directory.sizeOf(this.name) ?? before;
    return named < before || named > this.sizeBytes();
  }

  /** Lists that it ends inside of a record, if it does. */
  reportTorn(): void {
    this.log.reportTorn();
  }

  /** Idempotent. */
  close(): void {
    this.closeFile();
    this.second?.close();
  }

  private keep(read: ReadEdit<Edit>): ReadEdit<Edit> {
    this.kept?.push(read);
    if (!this.isToldTwice && this.kept !== undefined && this.kept.length > this.keptMax) {
      this.kept = undefined;
    }
    return read;
  }
}

/** Gives what another replay has left behind, and forgets it. */
class KeptEdits<Edit> implements EditSource<Edit> {
  private readonly kept: ReadEdit<Edit>[];
  private given = 0;

  constructor(kept: ReadEdit<Edit>[]) {
    this.kept = kept;
  }

  next(): ReadEdit<Edit> | undefined {
    const { kept } = this;
    const read = kept[this.given];
    if (read !== undefined) this.given++;
    if (read === undefined || this.given >= FORGOTTEN_AT_ONCE) {
      kept.splice(0, this.given);
      this.given = 0;
    }
    return read;
  }
}
