// The GitHub workflow that judges the preview of every pull request. Pure; called by `init`. Written out whole, since it is one template.

export interface WorkflowRequest {
  readonly gate: string;
  readonly environment: string;
  /** Variables that the configuration names, or will. */
  readonly secrets: readonly string[];
  /** The repository is naap-gate itself: it is run from its sources. */
  readonly isOwnCheckout: boolean;
}

export function workflowText({ gate, environment, secrets, isOwnCheckout }: WorkflowRequest): string {
  const command = isOwnCheckout ? 'npm run -s gate --' : 'npx --no naap-gate';
  const prepare = isOwnCheckout
    ? ''
    : `      # naap-gate is a development dependency of this repository.
      - run: npm ci --ignore-scripts
`;
  const secretLines = secrets.map((name) => `          ${name}: \${{ secrets.${name} }}\n`).join('');
  const environmentLines = secretLines === '' ? '' : `        env:\n          # Empty for a fork, and until you have made them.\n${secretLines}`;
  return `# May this pull request ship, as far as its preview can show? Made by \`naap-gate init\`; yours to change.
name: naap-gate
on:
  pull_request:
permissions:
  contents: read # the configuration
  deployments: read # where the preview is
  pull-requests: write # the comment
concurrency:
  group: naap-gate-\${{ github.event.pull_request.number }}
  cancel-in-progress: true
jobs:
  gate:
    runs-on: ubuntu-latest
    timeout-minutes: 40
    env:
      PULL_REQUEST: \${{ github.event.pull_request.number }}
      HEAD_SHA: \${{ github.event.pull_request.head.sha }}
      # Forks, and Dependabot, get no secrets and may not comment.
      UNTRUSTED: \${{ github.event.pull_request.head.repo.full_name != github.repository || github.actor == 'dependabot[bot]' }}
    steps:
      # The configuration is code that runs: it is taken from the reviewed branch, never from the pull request.
      # What is judged is the deployment, so the code of the pull request is not needed here.
      - uses: actions/checkout@v4
        with:
          ref: \${{ github.event.pull_request.base.sha }}
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 24
${prepare}      - name: Wait for the preview deployment
        env:
          GH_TOKEN: \${{ github.token }}
        run: |
          for attempt in $(seq 1 60); do
            for id in $(gh api "repos/$GITHUB_REPOSITORY/deployments?sha=$HEAD_SHA" --jq '.[].id'); do
              url=$(gh api "repos/$GITHUB_REPOSITORY/deployments/$id/statuses" --jq 'map(select(.state == "success"))[0].environment_url // empty')
              if [ -n "$url" ]; then
                echo "PREVIEW_URL=$url" >> "$GITHUB_ENV"
                exit 0
              fi
            done
            sleep 15
          done
          echo "::error::No deployment of $HEAD_SHA was ready within 15 minutes, so nothing was judged."
          exit 3
      - name: Judge the preview
${environmentLines}        run: |
          more=()
          if [ "$UNTRUSTED" = true ]; then more+=(--untrusted); fi
          ${command} ${gate} --env ${environment} --profile pr --url "web=$PREVIEW_URL" "\${more[@]}"
      - name: Summary
        if: always()
        run: |
          report=$(ls -t .naap-gate/runs/*/report.md 2> /dev/null | head -n 1)
          if [ -z "$report" ]; then
            echo 'naap-gate left no report: nothing was judged, so nothing passed. The log tells why.' > naap-gate-report.md
          else
            cp "$report" naap-gate-report.md
          fi
          cat naap-gate-report.md >> "$GITHUB_STEP_SUMMARY"
      - name: Comment
        if: always() && env.UNTRUSTED != 'true'
        env:
          GH_TOKEN: \${{ github.token }}
        run: gh pr comment "$PULL_REQUEST" --repo "$GITHUB_REPOSITORY" --body-file naap-gate-report.md --edit-last --create-if-none
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: naap-gate
          path: .naap-gate/runs
          include-hidden-files: true
          if-no-files-found: ignore
`;
}
