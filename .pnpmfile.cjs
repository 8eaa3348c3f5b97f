// `pnpm --filter cli start …` is the command line in the repository: its stdout carries results alone. pnpm would
// print the script's name before them and its own complaint after an error that was already explained.
const startsTheCli = ({ filter }) =>
  process.argv.includes("start") && filter?.length === 1 && ["cli", "@charlstm/cli"].includes(filter[0]);

module.exports = {
  hooks: {
    updateConfig: (config) => (startsTheCli(config) ? { ...config, reporter: "silent" } : config),
  },
};
