import type { StageAddresses, StageStatus } from '@chaos-kitchen/kitchen'
import { row } from './layout.ts'
import type { Theme } from './theme.ts'
import { countOf } from './words.ts'

/** @param flag what commands for this restaurant need, as ` --docker` */
export function renderStatus(theme: Theme, status: StageStatus, flag = ''): string[] {
  const { running, services, toxics, detached } = status
  if (!running)
    return [` ${theme.dim('No restaurant runs.')}`, `   pnpm workshop up${flag}    ${theme.dim('to start one')}`]
  const until = detached ? `, until pnpm workshop down${flag}` : ', for another command'
  return [
    ` ${theme.bold('The restaurant runs')}${theme.dim(until)}`,
    '',
    ...services.map(({ name, state, ready, pid, url }) => {
      const well = ready && state === 'running'
      return row(theme, [
        { text: well ? theme.glyphs.pass : theme.glyphs.fail, width: 5, paint: well ? theme.pass : theme.fail },
        { text: name, width: 19 },
        { text: state === 'running' && !ready ? 'starting' : state, width: 12 },
        { text: pid === undefined ? '' : `pid ${pid}`, width: 14, paint: theme.dim },
        { text: url ?? '', paint: theme.dim },
      ])
    }),
    '',
    ` ${toxics === 0 ? 'no toxics' : countOf(toxics, 'toxic')}`,
  ]
}

export function renderAddresses(theme: Theme, { order, otlp, direct }: StageAddresses, toxiproxy: string): string[] {
  const lines: [string, string][] = [
    ['orders', `${order}/orders   (through its proxy)`],
    ['docs', `${direct.order}/docs`],
    ['traces', otlp],
    ['proxies', `${toxiproxy}/proxies`],
  ]
  return lines.map(([label, text]) => ` ${theme.dim(label.padEnd(8))}${text}`)
}
