import type { Command } from 'commander'
import { EXIT } from '../cli/errors.ts'
import { openLearner } from '../cli/learner.ts'
import { perform } from '../cli/perform.ts'
import { exercises } from '../exercises/index.ts'
import { isPassed } from '../learn/progress.ts'
import { ladderLine } from '../watch/screen/page.ts'

export default function list(command: Command): void {
  command.option('--json', 'one object on standard output').action(
    perform(async (context) => {
      const { output } = context
      const known = await (await openLearner(context)).progress.all()
      const ladder = exercises.map(({ id, point }) => ({ id, point, passed: isPassed(known[id]) }))
      const passed = ladder.filter((step) => step.passed).length
      const lines = ladder.map((step) => ladderLine(output.theme, step))
      output.print('', ...lines, '', ` ${passed} of ${ladder.length} passed`, '')
      output.result({ passed, of: ladder.length, exercises: ladder })
      return EXIT.passed
    }),
  )
}
