import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What a child prints, in a file: it needs no reader, so neither a slow nor a dead host can block the child. */
export class LogFile {
  readonly path: string
  #descriptor: number | undefined
  #startedAt = 0

  constructor(folder: string, name: string) {
    this.path = join(folder, `${name}.log`)
  }

  /** Opens it for another run of the child; a file of more than 5 MB is put aside first. */
  open(): number {
    this.close()
    if (this.#size() > 5_000_000) renameSync(this.path, `${this.path}.old`)
    this.#startedAt = this.#size()
    this.#descriptor = openSync(this.path, 'a')
    return this.#descriptor
  }

  /** For a child that may run later, beside the present one; see `startAnew`. */
  lend<T>(use: (descriptor: number) => T): T {
    const descriptor = openSync(this.path, 'a')
    try {
      return use(descriptor)
    } finally {
      closeSync(descriptor)
    }
  }

  /** From here on it is the log of the child that it was lent to. */
  startAnew(): void {
    this.#startedAt = this.#size()
  }

  /** The child has its own descriptor once it is spawned. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  /** Lines of the present or last run. */
  lines(): string[] {
    return readFileSync(this.path).subarray(this.#startedAt).toString('utf8').split('\n').filter(Boolean)
  }

  #size(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0
  }
}
