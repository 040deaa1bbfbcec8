import { StageError } from '../../stage.ts'

/**
 * Reads the line `{"level":60,"fatal":{…}}` by which a service tells of a person's mistake, as an implementation
 * without a default export, before it ends with exit code 78.
 */
export function mistakeOf(lines: string[]): StageError {
  for (const line of lines.toReversed()) {
    const fatal = fatalOf(line)
    if (fatal === undefined) continue
    const { code, message, hint, file, line: row, column } = fatal
    const location = file === undefined ? undefined : { file, ...(row && { line: row }), ...(column && { column }) }
    const text = {
      what: message,
      meaning: 'The service cannot start until this is mended.',
      remedy: hint === undefined ? [] : [hint],
    }
    return new StageError(code, text, location)
  }
  return new StageError('service-misconfigured', {
    what: 'The service says that its configuration is wrong, and not what.',
    meaning: 'The service cannot start until this is mended.',
    remedy: [],
  })
}

interface Fatal {
  code: string
  message: string
  hint?: string | undefined
  file?: string | undefined
  line?: number | undefined
  column?: number | undefined
}

function fatalOf(line: string): Fatal | undefined {
  const record = parse(line)
  if (!isRecord(record) || !isRecord(record.fatal)) return undefined
  const { code, message, hint, file, line: row, column } = record.fatal
  if (typeof message !== 'string') return undefined
  return {
    code: typeof code === 'string' ? code : 'service-misconfigured',
    message,
    hint: typeof hint === 'string' ? hint : undefined,
    file: typeof file === 'string' ? file : undefined,
    line: typeof row === 'number' ? row : undefined,
    column: typeof column === 'number' ? column : undefined,
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
