/** A person asked for something that isn't there or can't be: told in three parts, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly meaning: string | undefined
  /** Commands or steps that mend it. */
  readonly remedy: readonly string[]

  constructor(what: string, { meaning, remedy = [] }: { meaning?: string; remedy?: readonly string[] } = {}) {
    super(what)
    this.meaning = meaning
    this.remedy = remedy
  }
}

/** Ctrl-C, or a signal that asks this process to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly exitCode: number

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`)
    this.exitCode = signal === 'SIGTERM' ? 143 : signal === 'SIGHUP' ? 129 : 130
  }
}

/** What a shell or CI learns of the outcome. */
export const EXIT = { passed: 0, failed: 1, usage: 2, stage: 3 } as const
