#!/usr/bin/env bash
# What the GitHub Action runs, by COMMAND: lint, plan or drift. Inputs come in by the environment: nothing that stands in
# them is run. The summary goes to the job, and to the pull request where COMMENT is true; annotations go to standard output.
set -uo pipefail

mongoward() { node "$ACTION_PATH/dist/cli/main.js" "$@"; }

command=${COMMAND:-lint}
format=${ANNOTATIONS:-github}
summary=$(mktemp)
trap 'rm -f "$summary"' EXIT
options=()
paths=()

case $command in
  lint)
    arguments=(policy lint)
    if [ -n "${MAX_WARNINGS:-}" ]; then options+=(--max-warnings "$MAX_WARNINGS"); fi
    while IFS= read -r path; do if [ -n "$path" ]; then paths+=("$path"); fi; done <<< "${PATHS:-}"
    ;;
  plan | drift)
    arguments=(migrate plan)
    if [ "$command" = drift ]; then arguments=(drift report); fi
    if [ -n "${CLUSTER:-}" ]; then options+=(--cluster "$CLUSTER"); fi
    if [ -n "${SNAPSHOT:-}" ]; then options+=(--snapshot "$SNAPSHOT"); fi
    if [ "$command" = drift ] && [ -n "${FAIL_ON:-}" ]; then options+=(--fail-on "$FAIL_ON"); fi
    while IFS= read -r path; do if [ -n "$path" ]; then options+=(--policy "$path"); fi; done <<< "${PATHS:-}"
    ;;
  *)
    echo "::error::command is lint, plan or drift, and not $command"
    exit 2
    ;;
esac

# Of a cluster one report is made, in every form: it would not be the same a second later.
if [ "$command" = drift ]; then
  options+=(-o "markdown=$summary")
  if [ -n "${SARIF_FILE:-}" ]; then options+=(-o "sarif=$SARIF_FILE"); fi
  mongoward "${arguments[@]}" --format "$format" "${options[@]}"
  code=$?
else
  if [ -n "${SARIF_FILE:-}" ]; then
    mongoward "${arguments[@]}" --format sarif "${options[@]}" ${paths[@]+-- "${paths[@]}"} > "$SARIF_FILE" || true
  fi
  mongoward "${arguments[@]}" --format markdown "${options[@]}" ${paths[@]+-- "${paths[@]}"} > "$summary" || true
  mongoward "${arguments[@]}" --format "$format" "${options[@]}" ${paths[@]+-- "${paths[@]}"}
  code=$?
fi

cat "$summary" >> "$GITHUB_STEP_SUMMARY"
if [ "${COMMENT:-}" = true ]; then
  node "$ACTION_PATH/scripts/pull-request-comment.js" "mongoward $command ${CLUSTER:-${SNAPSHOT:-}}" "$summary"
fi
exit $code
