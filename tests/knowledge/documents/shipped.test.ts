import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { loadKnowledge } from '../../../src/knowledge/documents/load.ts'

const SHIPPED = 'knowledge'

/** SHA-256 of each clause's text, clause 1 first, as it stands in the official text. */
const DIGESTS = [
  '28e13be6f6924b586b592fa4bb66609ee1d286b0a63f3adb98ce22f23f1f3188',
  '7ff52d71d338ea3f3921d4977f034edb27141f8940215d7bd564f1106203e48d',
  '8e62b17a4411125c6892bb4e7e65c553dd9df5eb668c5ec465c3480a502713a3',
  '76aa868a699fb2356ee5a4856e339172ea4badb1f409a5570653606010a1c233',
  'fd3def8d929b94962ff65ae292bd59388a1e5b3d44354e919bd0e39bb2d44336',
  '8b1cf20cac6aba88e49d46c404f7829da04afd025d99ae001b9e8bfae10ea7b2',
  'b7b568f64a3f9f0222e21e895536ae642b7a3c4231e10737e9b4727a102ce293',
  '269f7d680d68c696c77cb1c1fad894b35176d278b207ab548a56c61c364293f8',
  '87286d9d3251b7e3908edf6c220c42b82898db03f5b2700c3a4542a64a5bd9cd',
  'b8fe0749883e70dbf05cdde508869bcb98a59f2b1962f0708f90f06c603d22e3',
  'b03190f9379aea1faede1573aafb639916acfb2deb22df70ff4ff92f411e5dde',
  'c0ad0fa7651dcb60174f34915fbf9536b1813edc6feed3d0f340a48e9bd92b01',
  '72090d673ab316988ba2fa7fb1f079e6ac2233e51c6685f5c6460d02185d3855',
  '8de13a13ea2115f4ca263b784de2b7ad7fdbdc273df93b3c5274ff3a50c4780f',
  'b9e264507ec8aee4c5c4d7912af55df56b6cbc3cda709acc527fa1ceaa192844',
  'e736a5a9df2a3fec3a65eb95b40264e80e65e1c0300ba4cc348fb5e81917e7ad',
  'c3b0cded05394dec059c5c92fa0cc795f329a237096cd4842dbb73080e608d20',
  '7bf2b579a451ec49697fc76458030465699311e7c48dcc98f93092f125fb5fe1',
  'e09bfbd1129e9de029fef98ddeeca2b67f5dc746154bf9e17ca07f8154d6e76d',
  '36cb087ce326f3cd4e2c703db96433aa13e63cea59a2507b6f90b4c085475c1d',
  '2c5962ffa2a1b7e569901471ba5741be250098487096fb842ffb879c36f1244e',
  '652c61569e638301019d296698e3e690c6969e22afc9761e78c85e8edd3685af',
  'c38a86a411e92501cb0f0105c6b352c99c9ec84c96099e71196d531cd1c3a114',
  '4bf20fee67689b411d3b0a604c730ac3640d36cc66be96ec85db9b60ae24a035',
  '7d5581cf3e2b789f3fa0d39c4c098451eeb349449a7cf566315b66abc1cff00f',
  '8726bc4458ceb5b445b923a776d9fad5b40ad2689f6ec10bbfe6212e0a5583a0',
  'c8803f0d206f9f5587d9f86b48b75b757fb1db7980a7e5eb949509d543477251',
  '34c8c5688b17a7898613c2f2ca954b532a415020513a799e92d83c8c0af3e85a',
  '21ac23cf0f979e1954d96446b2fc0446bd6d20a565509621bafdc4e980a1d4e6',
  '68db88277cc55a8b15ce1e0b161d4fa22a067d5792c5179606ab688c42dd40b9',
  '2eb5366526130df9db769430a2bd68515bd1c6ffb54266a83b0ae4c6c69bb1b2',
  '84e86a790956ab98a55623931e143e1735a8d4d6bb891b796c5b401e61e1d740',
  '0f4a3f79fe9715009bb90508aa9b2212f1fd5fcea0012bbf4596da6a7e8fde3d',
  'fb6412cde637790ed944d996f0affe595a69e7b48b8e43bbfe1979af21387e99',
  '2065bb16f48c4b53142169ea94a9d16c28a88b3168d8540064420760eb6c7a64',
  '54405b297f69b6fdb498c4d1a4b946d86c703d8a696cc141d5f55cd43eaf15ea',
  'd2d33f7ef145450ab07c8813546834ed629a4c1984116f3d1d631cec64c8e777',
]

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

describe('the shipped knowledge', () => {
  it('holds the 37 clauses of the guideline word for word', async () => {
    const { documents } = await loadKnowledge(SHIPPED)
    expect(documents).toHaveLength(1)
    const guideline = documents[0]
    expect(guideline).toMatchObject({ id: 'hexie-shequ-2012', issuer: '中共大兴安岭地委 大兴安岭地区行署', issuedOn: '2012-04-05' })
    expect(guideline?.passages.map((passage) => passage.clause)).toEqual(DIGESTS.map((_, index) => String(index + 1)))
    expect(guideline?.passages.map((passage) => sha256(passage.text))).toEqual(DIGESTS)
    for (const passage of guideline?.passages ?? []) expect(passage.text.startsWith(`${passage.title}。`)).toBe(true)
  })

  it('names every clause in its heading as its text does', async () => {
    const { documents } = await loadKnowledge(SHIPPED)
    expect(documents[0]?.passages[12]).toMatchObject({ clause: '13', title: '加强社区志愿服务工作' })
    expect(documents[0]?.passages[8]?.title).toBe('加强社区物业管理')
  })

  it('has at least twelve typical questions for each clause and twenty for the long ones', async () => {
    const { documents } = await loadKnowledge(SHIPPED)
    const long = new Set(['2', '3', '4', '6', '11', '14', '16', '17', '18', '20', '25', '26', '28', '29', '30', '31'])
    for (const { clause, typicalQuestions } of documents[0]?.passages ?? []) expect(typicalQuestions.length, `clause ${clause}`).toBeGreaterThanOrEqual(long.has(clause) ? 20 : 12)
  })

  it('has at least eighty gaps, each beside a clause or beside none', async () => {
    const { documents, gaps } = await loadKnowledge(SHIPPED)
    const clauses = new Set(documents[0]?.passages.map((passage) => passage.clause))
    expect(gaps.length).toBeGreaterThanOrEqual(80)
    expect(gaps.filter((gap) => gap.clause === null).length).toBeGreaterThan(0)
    for (const gap of gaps) expect(gap.clause === null || clauses.has(gap.clause)).toBe(true)
  })

  it('offers at least twenty services whose words are not shared, and one for everything else', async () => {
    const { services } = await loadKnowledge(SHIPPED)
    expect(services.length).toBeGreaterThanOrEqual(20)
    expect(services.filter((service) => service.kind === 'help').length).toBeGreaterThanOrEqual(3)
    expect(services.map((service) => service.code)).toContain('other')
    const words = services.flatMap((service) => service.words)
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([])
  })

  it('has areas of every level, each below a higher one', async () => {
    const { areas } = await loadKnowledge(SHIPPED)
    expect(new Set(areas.map((area) => area.level))).toEqual(new Set(['prefecture', 'county', 'town', 'community', 'grid']))
    expect(areas.filter((area) => area.parent === null).map((area) => area.name)).toEqual(['大兴安岭地区'])
  })
})
