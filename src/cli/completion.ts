/** `completion`: what a shell needs to complete our command lines, and what it asks back. */
import { defineCommand } from './command.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** What a shell asks with the words of its line as far as the cursor, the last of them being completed. */
export const ASKED_BY_SHELL = '--complete';

/** Each asks the program itself: it knows the clusters and the policies of the folder. */
const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], string>> = {
  bash: `# mongoward completion bash: put this into ~/.bashrc, or: source <(mongoward completion bash)
_mongoward() {
  local IFS=$'\\n'
  # A word with a colon or an equals sign is several to bash: the line is taken apart at blanks.
  local line="\${COMP_LINE:0:COMP_POINT}" words current
  IFS=' ' read -r -a words <<< "$line"
  current="\${words[-1]}"
  [[ "$line" == *' ' ]] && current=''
  [[ "$line" == *' ' ]] && words+=('')
  COMPREPLY=($(mongoward completion ${ASKED_BY_SHELL} -- "\${words[@]:1}" 2>/dev/null))
  if [[ \${#COMPREPLY[@]} -eq 0 ]]; then
    COMPREPLY=($(compgen -f -- "$current"))
  elif [[ "$current" == *[:=]* ]]; then
    local head="\${current%"\${current##*[:=]}"}"
    COMPREPLY=("\${COMPREPLY[@]#"$head"}")
  fi
}
complete -o filenames -F _mongoward mongoward
`,
  zsh: `#compdef mongoward
# mongoward completion zsh: put this into a file _mongoward in a folder of $fpath, or: source <(mongoward completion zsh)
_mongoward() {
  local -a found
  found=("\${(@f)$(mongoward completion ${ASKED_BY_SHELL} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -- "\${found[@]}"; else _files; fi
}
if [[ "\${funcstack[1]}" == _mongoward ]]; then _mongoward "$@"; else compdef _mongoward mongoward; fi
`,
  fish: `# mongoward completion fish: put this into ~/.config/fish/completions/mongoward.fish
function __mongoward_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    mongoward completion ${ASKED_BY_SHELL} -- $words[2..-1] (commandline --current-token --cut-at-cursor) 2>/dev/null
end
complete --command mongoward --arguments '(__mongoward_complete)'
`,
};

export const completion = defineCommand({
  command: 'completion <shell>',
  describe: 'Write what a shell needs to complete command lines',
  examples: [
    ['source <($0 completion bash)', 'In bash, for this session'],
    ['$0 completion fish > ~/.config/fish/completions/mongoward.fish', 'In fish, for good'],
  ],
  options: (yargs) => yargs.positional('shell', { choices: SHELLS, demandOption: true, describe: 'Which shell' }),
  run: async ({ shell }, terminal) => {
    terminal.out(SCRIPTS[shell]);
    return 0;
  },
});
