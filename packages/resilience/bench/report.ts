/** One line of the result: a measurement, what it is compared to, and the goal where there is one. */
export interface Row {
  group: string
  name: string
  value: number
  unit: 'ns' | 'B'
  /** The value in multiples of the group's base. */
  times: number
}

export function format(rows: readonly Row[]): string {
  const groups = new Set(rows.map(({ group }) => group))
  return [...groups]
    .map((group) => {
      const own = rows.filter((row) => row.group === group)
      const lines = own.map(
        ({ name, value, unit, times }) => `| ${name} | ${round(value)} ${unit} | ${times.toFixed(1)} |`,
      )
      return [`### ${group}`, '', '| | per call | × the first |', '|---|---|---|', ...lines].join('\n')
    })
    .join('\n\n')
}

function round(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value))
}
