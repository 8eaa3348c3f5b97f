import { Argument, Command } from "commander";
import { helpTopics } from "../terminal/help-topics.js";
import { type Io, write } from "../terminal/io.js";

/** `charlstm help [topic]`, for a program whose commands are all there. */
export function helpCommand(io: Io, program: Command): Command {
  const names = program.commands.map((command) => command.name());
  return new Command("help")
    .description(`Help for a command, or on ${Object.keys(helpTopics).join(", ")}.`)
    .addArgument(new Argument("[topic]", "a command or a topic").choices([...names, ...Object.keys(helpTopics)]))
    .action(async (name: string | undefined) => {
      const topic = name !== undefined && Object.hasOwn(helpTopics, name) ? helpTopics[name] : undefined;
      if (topic) await write(io.stdout, topic());
      else (program.commands.find((command) => command.name() === name) ?? program).outputHelp();
    });
}
