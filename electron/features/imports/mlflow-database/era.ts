/**
 * When each schema of MLflow's database came to be, by its revision: the `Create Date` of the migrations in `mlflow/store/db_migrations/versions` up to
 * MLflow 3.17, in their order, and never before the one that it follows. A release came some weeks later.
 */
const MADE: readonly (readonly [month: string, ...revisions: readonly string[]])[] = [
  ['2019-04', '451aebb31d03'],
  ['2019-05', '90e64c465722'],
  ['2019-07', '181f10493468', 'df50e92ffc5e', '7ac759974ad8'],
  ['2019-08', '89d4b8295536'],
  ['2019-10', '2b4d017a5e9b', 'cfd24bdc0731'],
  ['2020-01', '0a8213491aaa'],
  ['2020-06', '728d730b5ebd', '27a6a02d2cf1'],
  ['2020-07', '84291f40a231'],
  ['2020-12', 'a8c4a736bde6'],
  ['2021-03', '39d1c3be5f05'],
  ['2021-04', 'c48cb773bb87'],
  ['2022-03', 'bd07f7e963c5'],
  ['2022-07', '0c779009ac13'],
  ['2022-08', 'cc1f77228345', '97727af70f4d'],
  ['2023-03', '3500859a5d39', '7f2a7d5fae7d'],
  ['2023-09', '2d6e25af4d3e'],
  ['2023-10', 'acf3f17fdcc7'],
  ['2024-04', '867495a8f9d4'],
  ['2024-05', '5b0e9adcef9c'],
  ['2024-07', '4465047574b1'],
  ['2024-09', 'f5a4f2784254'],
  ['2024-11', '0584bdc529eb'],
  ['2025-02', '400f98739977', '6953534de441'],
  ['2025-06', 'bda7b8c39065', 'cbc13b556ace', '770bee3ae1dd'],
  ['2025-08', 'a1b2c3d4e5f6', 'de4033877273', '1a0cddfcaa16', '534353b11cbc', '71994744cf8e', '3da73c924c2f'],
  ['2025-09', 'bf29a5ff90ea'],
  ['2025-11', '1bd49d398cd23'],
  ['2025-12', 'b7c8d9e0f1a2', '5d2d30f0abce', 'c9d4e5f6a7b8', '2c33131f4dae'],
  ['2026-01', 'd3e4f5a6b7c8', 'd0e1f2a3b4c5', 'c8d9e0f1a2b3', '1b5f0d9ad7c1'],
  ['2026-02', 'e1f2a3b4c5d6', '76601a5f987d'],
  ['2026-03', 'c3d6457b6d8a', 'a5b4c3d2e1f0', 'ae8bbe7743c9'],
  ['2026-04', '7d34483879f0', 'da6fb0208061'],
  ['2026-05', '89d3d66ed43f'],
  ['2026-06', 'b7e4c1a90f23', 'a8b9c0d1e2f3'],
  ['2026-07', 'c1d2e3f4a5b6', 'c3d9e7f1a2b4', '6f8d9c3b2a1e'],
  ['2026-08', '1971f2d9a75b', '17e22815139b', 'b7e2c1a4d9f3', '75868b020152', 'dc11669786a5'],
]

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

/** In words, how old a database is: `schema 7d34483879f0 (April 2026)`. Before April 2019 there was no revision. */
export function eraOf(revisions: readonly string[]): string {
  const [revision] = revisions
  if (revision === undefined) return 'the first schema (2019)'
  const month = MADE.find(([, ...known]) => known.includes(revision))?.[0]
  if (month === undefined) return `schema ${revision} (not known here)`
  return `schema ${revision} (${MONTHS[Number(month.slice(5)) - 1]} ${month.slice(0, 4)})`
}
