import inquirer from 'inquirer'
import type { Context } from '../cli/perform.ts'
import { showTrace } from '../commands/trace.ts'

export async function lookUpTrace(context: Context): Promise<void> {
  const message = 'Trace (empty: the slowest of the last run)'
  const { id } = await inquirer.prompt([{ type: 'input', name: 'id', message }])
  await showTrace(context, id === '' ? undefined : id)
}
