/** EX_CONFIG of sysexits.h: the person has to change something before a start can succeed. */
export const EXIT_CONFIGURATION = 78

export interface FatalDetails {
  code: string
  message: string
  hint: string
  file?: string
  line?: number
  column?: number
}

/** A mistake of the person who starts the service. Told in one line, without a stack; see `exitFatally`. */
export class FatalError extends Error {
  override readonly name = 'FatalError'
  readonly details: FatalDetails

  constructor(details: FatalDetails) {
    super(details.message)
    this.details = details
  }
}

/** Prints the mistake as one JSON line on standard output and ends the process with EX_CONFIG. */
export function exitFatally(details: FatalDetails): never {
  process.stdout.write(`${JSON.stringify({ level: 60, time: Date.now(), fatal: details })}\n`)
  process.exit(EXIT_CONFIGURATION)
}
