/**
 * How far a growing file was read. The lines between `offset` and `end` are being imported: after a
 * crash just these are imported again, which makes the same Raw, and so nothing new.
 */
export type Position = {
  readonly id: string;
  /** What is followed, and as what: files of one source are told apart by identity, not by name. */
  readonly source: string;
  /** Device and inode; null if the file has other content now, and a copy of it may exist. */
  readonly file: string | null;
  /** What its lines are imported as. */
  readonly typetag: string;
  readonly offset: number;
  readonly end: number;
  /** Upload time of the lines up to `end`, in seconds since 1970. */
  readonly timestamp: number;
  /** When the source was first followed, in seconds since 1970: older files are left alone. */
  readonly since: number;
  /** Hash of bytes at the start of the file and before `end`. */
  readonly fingerprint: string;
};

/** A position that cannot be read, and why. Its file is read from the start again. */
export type FaultyPosition = {
  readonly id: string;
  readonly reason: string;
  /** As in {@link Position}; 0 if it cannot be read, so that no file is too old to be read. */
  readonly since: number;
};

/** The positions in growing files, beside the archive that their lines went to. */
export interface Positions {
  /** The positions of a source, and those whose source cannot be read, in no particular order. */
  list(source: string): Promise<(Position | FaultyPosition)[]>;
  /** Stores a position under its id. Returns once it is durable. */
  save(position: Position): Promise<void>;
  /** Removes the position of an id, if there is one. */
  remove(id: string): Promise<void>;
}
