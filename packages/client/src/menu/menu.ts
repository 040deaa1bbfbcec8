import inquirer from 'inquirer'
import { EXIT, Interrupted } from '../cli/errors.ts'
import { chooseOrderService } from '../cli/order-service.ts'
import type { Context } from '../cli/perform.ts'
import { renderError } from '../cli/report-error.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { ends } from '../screen/layout.ts'
import { entries } from './entries.ts'
import { type KeptKitchen, keepKitchen } from './kept-kitchen.ts'

/** Asks what to do until the person quits. An error is told, and the menu comes again. */
export async function showMenu(context: Context): Promise<number> {
  const { output, signal } = context
  const kitchen = await keepKitchen(context, chooseOrderService('starting', REPOSITORY).file)
  try {
    while (true) {
      output.print('', ends(output.theme, 'Chaos Kitchen', `this machine · ${kitchen.state()}`, output.theme.bold), '')
      const chosen = await ask(context, kitchen)
      if (chosen === undefined) return EXIT.passed
      try {
        await chosen.run(context, kitchen)
      } catch (error) {
        signal.throwIfAborted()
        if (!isGoingBack(error)) output.print('', ...renderError(output.theme, error))
      }
    }
  } catch (error) {
    // Ctrl-C at the question is how many people quit.
    if (isGoingBack(error)) return EXIT.passed
    throw error
  } finally {
    output.note('Closing the restaurant …')
    await kitchen.close()
  }
}

async function ask({ signal }: Context, kitchen: KeptKitchen) {
  const choices = [
    ...entries.map((entry) => ({
      name: `${entry.name.padEnd(20)}${entry.summary(kitchen)}`,
      short: entry.name,
      value: entry,
    })),
    { name: 'Quit', value: undefined },
  ]
  const answer = await inquirer.prompt<{ entry: (typeof entries)[number] | undefined }>([
    { type: 'select', name: 'entry', message: 'What would you like to do?', choices, pageSize: 10, loop: false },
  ])
  if (signal.aborted) throw signal.reason
  return answer.entry
}

function isGoingBack(error: unknown): boolean {
  return error instanceof Error && !(error instanceof Interrupted) && error.name === 'ExitPromptError'
}
