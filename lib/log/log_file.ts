/**
 * A log file that is set aside when it has grown, that any number of processes may write to, and that no
 * failure of the disk makes anybody fail: what cannot be written is counted, and told when writing works
 * again.
 *
 * @module
 */

/** How large a log may grow. */
export interface LogFileOptions {
  /** Bytes from which on the file is set aside. Default 5,000,000. */
  readonly maxBytes?: number;
  /** How many files that were set aside are kept. Default 4. */
  readonly keep?: number;
  /** Makes the line that tells how many were lost. */
  readonly lost?: (lines: number) => string;
  /** Milliseconds of a clock that never goes back; for tests. */
  readonly clock?: () => number;
}

/** Milliseconds after a write in which lines wait for each other, to be written together. */
const WAIT = 50;

/** What a process ends with, wanted or not. Whoever kills it takes the lines that wait. */
const ENDS = ["unload", "error", "unhandledrejection"] as const;

/** Characters from which on lines wait no longer. */
const MOST_WAITING = 64 * 1024;

/** Milliseconds between looks whether the file is still where it was: another process may set it aside. */
const LOOK_EVERY = 250;

const LINE_BREAK = 10;

const ENCODER = new TextEncoder();

/** One process' hold of a log file. */
export class LogFile implements Disposable {
  readonly #path: string;
  readonly #options: LogFileOptions;
  readonly #maxBytes: number;
  readonly #clock: () => number;
  #file: Deno.FsFile | undefined;
  #inode: number | null = null;
  #size = 0;
  #lookAt = -Infinity;
  #lost = 0;
  #allLost = 0;
  #waiting: string[] = [];
  #waitingLength = 0;
  #writtenAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #flush = () => this.flush();
  /** Whether the file ends in the middle of a line. */
  #torn = false;

  /**
   * Nothing is opened before the first line.
   *
   * @param path The file; its folder is made if need be.
   * @param options How large it may grow.
   */
  constructor(path: string, options: LogFileOptions = {}) {
    this.#path = path;
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? 5_000_000;
    this.#clock = options.clock ?? (() => performance.now());
    for (const end of ENDS) addEventListener(end, this.#flush);
  }

  /** How many lines could not be written since this was opened. */
  get dropped(): number {
    return this.#allLost;
  }

  /**
   * Writes a line, after those that wait.
   *
   * @param line The line, without its line break.
   */
  write(line: string): void {
    this.#waiting.push(line);
    this.flush();
  }

  /**
   * Writes a line at once if there was none for a while, else soon, together with others: a daemon that takes
   * messages in has many, and each write makes the next durable one of the same disk dearer.
   *
   * @param line The line, without its line break.
   */
  writeSoon(line: string): void {
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    if (this.#waitingLength >= MOST_WAITING || this.#clock() - this.#writtenAt >= WAIT) {
      this.flush();
    } else this.#timer ??= setTimeout(this.#flush, WAIT);
  }

  /** Writes the lines that wait, with one call of the system, so that lines of several processes do not mix. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#waiting;
    if (lines.length === 0) return;
    this.#waiting = [];
    this.#waitingLength = 0;
    this.#writtenAt = this.#clock();
    let written = 0;
    try {
      this.#look();
      if (this.#lost > 0) {
        const lost = this.#options.lost?.(this.#lost);
        if (lost !== undefined && this.#append([lost]) < 1) throw new Deno.errors.WriteZero();
        this.#lost = 0;
      }
      written = this.#append(lines);
    } catch {
      // There is nowhere to tell it but here.
    }
    this.#lost += lines.length - written;
    this.#allLost += lines.length - written;
  }

  /** Writes what waits, and closes the file; another line would open it again. */
  [Symbol.dispose](): void {
    for (const end of ENDS) removeEventListener(end, this.#flush);
    this.flush();
    this.#close();
  }

  #close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  /** Returns how many lines were written whole: a disk that becomes full takes a part of them. */
  #append(lines: readonly string[]): number {
    const file = this.#file;
    if (!file) throw new Deno.errors.NotFound("There is no log file");
    const begin = this.#torn ? "\n" : "";
    const bytes = ENCODER.encode(`${begin}${lines.join("\n")}\n`);
    const written = file.writeSync(bytes);
    this.#size += written;
    this.#torn = written < bytes.length;
    if (!this.#torn) return lines.length;
    return bytes.subarray(begin.length, written).filter((byte) => byte === LINE_BREAK).length;
  }

  /** Opens the file if it is not open, or not the one at its path any more; sets it aside if it has grown. */
  #look(): void {
    const now = this.#clock();
    const grown = this.#size >= this.#maxBytes;
    if (this.#file && !grown && now < this.#lookAt) return;
    this.#lookAt = now + LOOK_EVERY;
    if (!this.#file || !this.#isThere()) this.#open();
    if (this.#size >= this.#maxBytes) this.#setAside();
  }

  #isThere(): boolean {
    try {
      const { ino, size } = Deno.statSync(this.#path);
      this.#size = size;
      return ino === this.#inode;
    } catch {
      return false;
    }
  }

  #open(): void {
    this.#close();
    // A link would have its target written to, and made private, wherever that is.
    if (isLink(this.#path)) throw new Deno.errors.FilesystemLoop("The log file is a link");
    const options = { read: true, append: true, create: true, mode: 0o600 };
    try {
      this.#file = Deno.openSync(this.#path, options);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      const folder = this.#path.slice(0, this.#path.lastIndexOf("/"));
      Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.#file = Deno.openSync(this.#path, options);
    }
    const { ino, size, mode, isFile } = this.#file.statSync();
    if (isFile && mode !== null && (mode & 0o077) !== 0) Deno.chmodSync(this.#path, 0o600);
    this.#inode = ino;
    this.#size = size;
    this.#torn = isFile && size > 0 && endsTorn(this.#file);
  }

  /** Of all processes that write to the file, the one that gets its lock sets it aside; the others go on. */
  #setAside(): void {
    const file = this.#file;
    if (!file?.tryLockSync(true)) return;
    try {
      if (!this.#isThere()) return;
      const keep = this.#options.keep ?? 4;
      for (let age = keep; age > 1; age--) this.#move(`${this.#path}.${age - 1}`, age);
      if (keep > 0) this.#move(this.#path, 1);
      else Deno.removeSync(this.#path);
    } catch {
      // It grows on until it can be set aside.
      return;
    } finally {
      file.unlockSync();
    }
    this.#open();
  }

  #move(from: string, age: number): void {
    try {
      Deno.renameSync(from, `${this.#path}.${age}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

function isLink(path: string): boolean {
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch {
    return false;
  }
}

/** Whether a process that died, or a full disk, left a line without its end. */
function endsTorn(file: Deno.FsFile): boolean {
  const last = new Uint8Array(1);
  file.seekSync(-1, Deno.SeekMode.End);
  return file.readSync(last) === 1 && last[0] !== LINE_BREAK;
}
