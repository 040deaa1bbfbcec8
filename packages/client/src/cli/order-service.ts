import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from './errors.ts'
import { nearest } from './near.ts'

/** Which order service cooks: how a person names it, and its file. */
export interface OrderServiceChoice {
  readonly label: string
  readonly file: string
}

/**
 * `starting`, a file, `exercise:ID` or `solution:ID`; an ID may be cut to its number.
 * @throws UsageError
 */
export function chooseOrderService(text: string, repository: string): OrderServiceChoice {
  if (text === 'starting') return { label: 'starting', file: join(repository, 'services/order/src/place-order.ts') }
  const [, kind, id] = /^(exercise|solution):(.*)$/.exec(text) ?? []
  return kind === undefined || id === undefined ? ownFile(text) : fromLadder(kind, id, repository)
}

function ownFile(text: string): OrderServiceChoice {
  const file = resolve(process.env.INIT_CWD ?? process.cwd(), text)
  if (existsSync(file) && statSync(file).isFile()) return { label: text, file }
  throw new UsageError(`There is no file ${text}.`, {
    meaning: '--order takes the file of an order service.',
    remedy: [
      '--order services/order/src/place-order.ts',
      '--order exercise:06           the one that you edit',
      '--order solution:12-game-day  the finished one',
      '--order starting              the one without any protection',
    ],
  })
}

function fromLadder(kind: string, id: string, repository: string): OrderServiceChoice {
  const folder = join(repository, `${kind}s`)
  const ids = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /^\d\d-/.test(name))
        .sort()
    : []
  const found = ids.find((name) => name === id) ?? ids.find((name) => id !== '' && name.startsWith(id.padStart(2, '0')))
  if (found !== undefined) return { label: `${kind}:${found}`, file: join(folder, found, 'place-order.ts') }
  const near = nearest(id, ids)
  throw new UsageError(`There is no ${kind} "${id}".`, {
    ...(near !== undefined && { meaning: `Did you mean "${near}"?` }),
    remedy: [ids.length === 0 ? `${folder} holds none yet.` : `Choose one of: ${ids.join(', ')}`],
  })
}
