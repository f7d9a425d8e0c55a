import { createButton, type Button } from '../domain/messages/messages.ts'
import type { RequestSummary } from '../domain/office/facts.ts'
import type { RequestCorrection } from '../domain/kept-state.ts'
import { isDone, isFinished, type RequestStatus } from '../domain/requests/requests.ts'
import type { Intent } from '../domain/messages/understanding.ts'
import { STATUS_NAMES } from '../domain/requests/status-names.ts'
import { cleanTyped } from '../language/clean.ts'
import { describeRetention, type Retention } from '../domain/retention.ts'
import { formatLocal } from '../domain/time.ts'

export const button = createButton

/** The sentences that residents read, in one place. Forms hold their own questions. */
export const text = {
  consentNotice: '办这件事要用到您的姓名、电话、地址，只给办事的人看。',
  consentQuestion: '您同意吗？（回“同意”或“不同意”，想看仔细就回“看说明”）',
  /** Raise NOTICE in domain/retention.ts when its meaning changes. */
  wholeNotice: (retention: Retention) => [
    '关于您的个人信息：',
    '谁保存：本社区居委会，存在社区自己的系统里。要问、要改，可以到社区服务站，打社区电话，或者在这里说“转人工”。',
    '用来做什么：只用来办您说的这件事，给办事的工作人员看；请邻居帮忙的事，也给答应帮您的那位志愿者看。',
    `存多久：${describeRetention(retention)}。志愿者登记存到您要删为止。哪天说“删除我的数据”都行，说了就全部删掉，只留一个认不出人的记号（记着您退订过，也免得从备份里又找回来）；随时可以说“我的数据”查看，说“撤回同意”收回。`,
    '不同意会怎样：您的姓名、电话、地址不登记，写过的马上删掉。路灯、电梯、垃圾这样公共的事，不留姓名电话也能报；问政策也不用留。',
  ].join('\n'),
  understood: (summary: string) => `先记下：\n${summary}`,
  consentUnclear: '没明白您的意思。',
  consentWhy: ({ requestYears }: Retention) =>
    `办事的人要知道去哪里、找谁、怎么联系，只用来办您这件事，不给别人看。由本社区居委会保存，办完 ${requestYears} 年后去掉姓名、电话、地址；哪天说“删除我的数据”都可以删。不同意就不登记您的信息；路灯、垃圾这样公共的事照样能报。`,
  consentRefused: '好的，不登记。刚才写的内容已经删掉了。您还可以问政策，或者直接打社区电话。',
  namelessOffer: (category: string) => `好的，不登记，您的姓名电话已经删掉了。${category}是公共的事，不留姓名电话也能报，要报吗？`,
  namelessDeclined: '好的，不报了。有事随时找我。',
  namelessBegun: '好的，不用留姓名电话。',
  noticesOffer: '社区有停水停电这样的通知，要发给您吗？',
  noticesDeclined: '好的，不发。想收的时候说“订阅”。',
  remarkAdded: (said: string) => `好的，“${said}”加到这件事里了。`,
  otherTaken: (labels: string) => `好的，${labels}记下了。`,
  pieceAdded: '好的，接上了。',
  furtherAdded: '好的，另外这一件也记下了，一起报。',
  otherFormLater: (title: string) => `${title}等这张表填完再办，到时候再跟我说一声。`,
  sameContactUnknown: '我这里没有您以前留的姓名和地址，请再写一次。',
  sameContactTaken: '好的，还是原来的姓名、电话和地址。',
  isItThis: ({ category, place, createdAt, status }: { category: string; place: string; createdAt: Date; status: RequestStatus }) =>
    `这里有一件别的居民报过的：${place === '' ? '' : `${place}，`}${category}，${formatLocal(createdAt)} 报的，现在是“${STATUS_NAMES[status]}”。\n是不是这件事？是就点“是，就是这件”，不用再报，有进展也会告诉您；不是就接着往下填。`,
  itIsThis: '是，就是这件',
  itIsOther: '不是这件',
  anotherThing: '好的，那就另外报一件。',
  sameIsOver: '那一件刚刚已经有结果了，您这件另外报。',
  joinedReport: ({ category, number, status }: { category: string; number: string; status: RequestStatus }) => `好的，不用再报了：“${category}”（${number}），现在是“${STATUS_NAMES[status]}”。您说的也加进去了，有进展会在这里告诉您，有话也可以接着说。`,
  consentThanks: '谢谢。',
  cancelled: '好的，已经取消，刚才填的内容删掉了。想办的时候再说一声就行。',
  formDropped: (title: string) => `好的，刚才的${title}不填了。`,
  nothingToCancel: '现在没有正在填的表。要撤回已经提交的事情，请说“撤回”加编号，比如：撤回 SR-20261123-0007。',
  nothingToGoBack: '已经是第一步了。要重新填就说“重来”，不办了就说“取消”。',
  restarted: '好的，我们从头来。',
  confirmQuestion: '这样对吗？对就回“确认”，要改就说哪一项，比如“修改电话”。',
  confirmUnclear: '请回“确认”提交，或者说要改哪一项（比如“修改电话”），不办了就回“取消”。',
  changed: '好的，改过来了。',
  whichField: (labels: readonly string[]) => `要改哪一项？${labels.join('、')}，说一样就行。`,
  canNotSkip: '这一项要填了才好办。',
  offerPerson: '要不要换工作人员来帮您？回“转人工”就行。',
  movedToPrivate: '为了保护您的隐私，我们私下接着说，请看我发给您的私信。',
  privateOnly: '这件事关系到您个人，我在私信里回您。',
  goOn: '我们接着刚才的：',
  formPaused: (title: string) => `您上次还有一张表没填完：${title}。接着填就回答下面这一句，不填了就说“取消”。`,
  notStored: '系统暂时存不下新消息，您刚才说的还没有记下来；一恢复就会接着处理，不用反复发。过十分钟还没有回音，请再发一次；着急的事请直接打社区电话，有危险请打 110、119 或 120。',
  handoff: '已经转给工作人员，编号 {request}。工作人员看到后会在这里回您。着急可以直接打社区电话；有危险请打 110、119、120。',
  aboutRequest: (category: string, number: string) => `（之前报了“${category}”，编号 ${number}）`,
  handoffAgain: '您之前找过工作人员，还在处理。刚才的话也转过去了。',
  nothingWritten: '（没有写字，发来了别的）',
  passedOn: '已经替您转给工作人员，编号 {request}。有了答复会在这里告诉您。',
  nothingToPassOn: '要转什么给工作人员呢？请把问题写给我，比如：低保多少钱一个月。',
  noRequests: '没有查到您提交的事情。要报修或者找人帮忙，直接说就行，比如：3号楼2单元楼道灯坏了。',
  notYours: '没有查到这个编号，或者不是您提交的。请核对编号，比如：SR-20261123-0007。',
  withdrawn: (number: string) => `${number} 已经撤回。`,
  cannotWithdraw: (number: string, status: RequestStatus) => `${number} 现在是“${STATUS_NAMES[status]}”，不能撤回了。`,
  changedMeanwhile: (number: string) => `刚才工作人员也在办 ${number}，没有撤回成。您的话已经转给他们了，说“查进度”看办到哪一步。`,
  rateWhich: '谢谢您。现在没有等您评价的事情。',
  rateHow: '请打个分：1 到 5 分，5 分最满意。也可以写一句话，比如：5分，修得很快。还没修好就说“没解决”。',
  rated: (score: number) => (score >= 4 ? `谢谢您的评价（${score} 分）！` : score === 3 ? `谢谢您的评价（${score} 分）。哪里没办好，我们会改。` : `记下了（${score} 分），没给您办好，对不住。还没解决就说“没解决”，我们重新处理。`),
  complaintNoted: '您说的记下了，已经转给工作人员，编号 {request}。工作人员看到后会在这里回您。',
  inCatalogue: '社区的办事目录里是这样写的：',
  paused: '好的，这段时间不找您帮忙。您歇够了，说一声“我又能帮忙了”就行。',
  backAgain: (number: string) => `欢迎回来！志愿者登记（${number}）恢复了，有邻居需要帮忙会联系您。`,
  addedToRequest: ({ category, number, status }: Pick<RequestSummary, 'category' | 'number' | 'status'>, isGuess = false) =>
    `记下了，加到您报的“${category}”（${number}）里了，工作人员看得到。${isDone({ status }) ? '要是还没修好，就说“没解决”。' : isFinished({ status }) ? `不过这件事现在是“${STATUS_NAMES[status]}”，还要办就请再说一遍是什么事。` : isGuess ? '要是另外一件事，请说“另外”，再说是什么事。' : ''}`,
  mended: (category: string, number: string) => `好了就好，记到您报的“${category}”（${number}）里了，工作人员看得到。那这件事撤回吗？还想请人看看就点“还是来看看”。`,
  goodThatItIs: '好了就好，有事随时找我。',
  stillCome: '还是来看看',
  complaintJoined: (category: string, number: string, isDone: boolean) => `对不住，没给您办好。您说的记到“${category}”（${number}）里了，工作人员看得到。${isDone ? '要重新办，就说“没解决”。' : ''}`,
  correctedInRequest: (category: string, number: string, { name, phone, address, wantedTime }: RequestCorrection) =>
    `改好了，您报的“${category}”（${number}）：${[name && `姓名 ${name}`, phone && `电话 ${phone}`, address && `地址 ${address}`, wantedTime && `时间 ${wantedTime.replace('T', ' ')}`].filter(Boolean).join('，')}。`,
  changeToThis: (label: string, known: string, value: string) => `登记的${label}是 ${known}，要改成 ${value} 吗？`,
  notChanged: '不改',
  notChangedSays: '谢谢',
  leftAsItIs: (label: string, known: string) => `登记的${label}还是 ${known}，没有改。要改就说“${label}改成”，后面写上完整的新${label}。`,
  answerPassedOn: (category: string) => `好的，您的回答已经转给办“${category}”的工作人员。`,
  aboutWhich: '您说的是哪一件？点一下：',
  urged: ({ category, number, assignee, status }: RequestSummary, isAgain: boolean) =>
    `${isAgain ? '今天已经催过了，您的话也加上了' : '对不住，让您久等了，已经催了'}：“${category}”（${number}）${assignee !== null ? `在${assignee}手上，会看到您在催。` : `${status === 'submitted' ? '还没有人接手' : `现在是“${STATUS_NAMES[status]}”`}，已经提到最前面给工作人员看。`}`,
  visitWanted: (time: string) => `您约的是 ${time}。`,
  visitWished: (category: string, assignee: string | null, time: string) => `好的，您想 ${time.replace('T', ' ')} 来人（原话也记下了），已经告诉${assignee ?? '工作人员'}（“${category}”这件事）。能不能那时候来，定下来会在这里告诉您。`,
  visitDue: (due: Date) => `最晚 ${formatLocal(due)} 前办。`,
  visitRecord: (told: readonly string[]) => `您留的是：${told.join('，')}。要改就直接说，比如“电话改成…”。`,
  visitBy: (assignee: string | null) => (assignee === null ? '派谁去还没有定。' : `现在由${assignee}负责。`),
  visitByHelper: (name: string, phone: string) => `来帮忙的志愿者是${name}，电话 ${phone}。`,
  visitFee: (fee: string) => `费用：${fee}。`,
  visitMaterials: (materials: readonly string[]) => `要准备：${materials.join('；')}。`,
  visitPassedOn: (category: string, assignee: string | null) => `您问的已经转给${assignee ?? '工作人员'}（“${category}”这件事），定下来会在这里告诉您。`,
  notYoursToWithdraw: (number: string) => `${number} 是别的居民先报的，不能替他撤。您的话已经加上了。`,
  withdrawWhich: '要撤回哪一件？点一下：',
  notWithdrawn: (category: string, number: string) => `好的，不撤，“${category}”（${number}）接着办。`,
  withdrawThis: '是要撤回这一件吗？是就点一下；是别的事，请再说详细一点。',
  reopenedAsToldAgain: (number: string) => `知道了，${number} 还没好，重新处理，工作人员会再联系您。要是另外一处的事，请把地方也写上。`,
  reopened: (number: string) => `知道了，${number} 重新处理，工作人员会再联系您。`,
  subscribed: '好的，社区有通知会发给您。不想收了就说“退订”。',
  unsubscribed: '好的，以后不再给您发社区通知。想收的时候说“订阅”。',
  consentWithdrawn: '已经撤回同意，没填完的表也删掉了。之前登记的要不要删，您说了算：说“删除我的数据”就全部删掉。',
  noConsent: '您现在没有同意过使用个人信息，不用撤回。',
  ownDataFile: '您说过的每句话也在里面的文件，请点网页最下面的“下载我的数据”，只有您自己能下载。',
  deleteInPrivate: '请私下跟我说“删除我的数据”。',
  deleteSure: '要删掉您的姓名、电话、地址、说过的话和登记过的事情，没办完的也会撤回，删了就找不回来。确定吗？',
  deleted: '已经全部删掉了。以后有事还可以找我。',
  notDeleted: '好的，什么都没有删。',
  left: '好的，已经为您退出志愿者。谢谢您做过的一切，想回来的时候再报名。',
  notVolunteer: '您还没有登记过志愿者。想报名就说“当志愿者”。',
  acknowledged: '好的，知道您收到了。',
  staffOnly: '发公告只有社区工作人员能办。您有事要告诉大家，可以说“转人工”，请工作人员帮忙。',
  announceHow: '请把公告写在一起发给我，比如：\n发公告：明天上午九点到下午五点停水，请提前备水。\n只发给一部分人就写：发公告：给志愿者：周六上午八点在社区门口集合。“志愿者”可以换成社区的名字、标签（比如独居老人）或者群。',
  announceInPrivate: '公告请私下发给我，群里不好先给您看一眼。',
  announcementPreview: (said: string, { whom, count, examples }: { whom: string; count: number; examples: readonly string[] }) =>
    `公告先给您看一眼：\n————\n${said}\n————\n发给：${whom}。${count === 0 ? '现在一个人也收不到：居民要先同意收通知，群要先绑定。' : `会发给 ${count} 个人或群，比如：${examples.join('、')}。`}\n对就回“确认发布”，由另一位同事审核后才发；不发就回“取消”。`,
  announcementKept: '已经存好，等另一位同事在管理页面的“公告”里审核，审核后马上发。',
  announcementDropped: '好的，不发了。',
  codeWrong: '这个绑定码不对，或者已经过期、用过了。请让管理员重新给一个。',
  codeTooMany: '绑定码输错太多次了，请过一小时再试，或者找管理员。',
  codeInPrivate: '请不要在群里发绑定码。请私下发给我。',
  boundStaff: (name: string) => `绑定好了，${name}。以后您在这里就是工作人员。`,
  joinedRequest: ({ number, category, status }: { number: string; category: string; status: RequestStatus }) => `接上了：您的“${category}”（${number}），现在是“${STATUS_NAMES[status]}”。办到哪一步会在这里告诉您，有话也可以直接在这里说。`,
  guardianConfirmed: ({ name, guardianName }: { name: string; guardianName: string }) => `好的，${guardianName}，记下了：您同意${name}当志愿者。工作人员看过就告诉孩子。要收回，随时说“转人工”。`,
  guardianIsAnother: '这个码要监护人在自己的聊天里发，孩子自己发的不算。',
  boundRoom: '这个群绑定好了，以后社区通知会发到这里。',
  boundRoomAgain: (title: string) => `认出来了，这就是原来的${title === '' ? '那个群' : `“${title}”`}，接着用。以后社区通知会发到这里。`,
  codeOfOtherPlatform: '这个绑定码是给别的群的，那个群不在这里。请在管理页面的“渠道”里重新生成一个。',
  isAnotherRoom: '这个群自己已经绑定过了，不能当成另一个群。真是同一个群的话，请先在管理页面的“渠道”里解绑它，再写一次。',
  onlyStaffBinds: '绑定群要由工作人员来做：请先私下绑定您自己。',
  whichOfTwo: '您是想办哪一样？点一下就行：',
  isDanger: '是，快来人',
  isNoDanger: '没有危险',
  mayBeDanger: (words: string) => `是不是有人正在危险里？${words}`,
  help: '我是邻里，社区的小帮手。您可以：\n1. 问政策，比如“社区志愿者要占居民多少”\n2. 报修办事，比如“3号楼2单元楼道灯坏了”\n3. 说“查进度”看办到哪一步\n4. 说“当志愿者”报名帮忙\n5. 说“转人工”找工作人员',
  hello: '您好，我是邻里，社区的小帮手。问政策、报修办事、当志愿者，直接跟我说就行。',
  thanks: '不客气，有事随时找我。',
  bye: '再见，有事随时找我。',
  notUnderstood: '我没太听明白。您可以换个说法，或者点下面的按钮。',
  notUnderstoodInGroup: '没听明白。可以这样问：社区志愿者要占居民多少？',
  blank: '您还没有写字。想问什么、办什么，直接写给我就行。',
  onlyEmoji: '收到您的表情啦。想问什么、办什么，写一句话给我就行。',
  editNoted: (number: string) => `您改的话已经加到 ${number} 里，工作人员看得到。`,
  editNotedFinished: (number: string, status: RequestStatus) =>
    `您改的话已经加到 ${number} 里，不过这件事现在是“${STATUS_NAMES[status]}”。${status === 'resolved' || status === 'closed' ? '还没解决就说“没解决”，我们重新处理。' : '要重新办，请跟我再说一遍。'}`,
  editAfterSignUp: (number: string) => `您已经登记过了，编号 ${number}。改消息不会改登记，要改资料就说“更新资料”。`,
  editBeforeForm: '您改的是以前的话，没有记到这张表里。',
  staleButton: '这个按钮是以前的，现在用不上了。想办什么，直接跟我说就行。',
  othersButton: '这个按钮是给刚才问的那位邻居的。您有事直接跟我说就行。',
  detailsGone: '那个回答隔得久了。请把问题再问一次，再点“详细”，我把整条念给您。',
  passedOnAlready: (number: string) => `已经转给工作人员了，编号 ${number}。有了答复会在这里告诉您。`,
  reopenedAlready: (number: string) => `${number} 已经在重新处理了，工作人员会再联系您。`,
  rateLater: (number: string) => `${number} 还在处理，办完了再请您打分。`,
  ratedAlready: '谢谢，您打过分了，已经记下了。',
  votedUseful: '谢谢您！',
  votedUseless: '谢谢您告诉我，这次没答好。要请工作人员来答，就点“转给工作人员”。',
  votedUselessInGroup: '谢谢您告诉我。要请工作人员来答，就对我说“转给工作人员”。',
  votedAgain: '谢谢，已经记下了。',
  voteChanged: '好的，改成“有用”了。谢谢您！',
  voteGone: '那个回答已经不在了，不用再评。有别的事直接跟我说就行。',
  photoFirst: '照片收到了。请说一下是什么事、在哪里，照片一起报上去。',
  photoFirstMore: (count: number) => `又收到了，一共 ${count} 张。请说一下是什么事、在哪里，照片一起报上去。`,
  photoKept: '照片先替您留着，要报修就说是什么事、在哪里，一起报上去。',
  photoInForm: '照片收到了，会一起报上去。',
  photoNotForForm: '这张表用不着照片。',
  photoWhich: '照片收到了。是哪一件事的？点一下：',
  photoOfOther: '是别的事',
  photoOfOtherHow: '好的，是什么事、在哪里？请说一下，照片一起报上去。',
  photoAdded: (what: string, number: string) => `照片加到“${what}”（${number}）里了，工作人员看得到。`,
  photoAddedEmergency: (number: string) => `照片加到 ${number} 里了，值班人员看得到。还有危险就打 119、110、120。`,
  photoProblems: {
    too_many: '一件事最多收 4 张照片，多的没有收，前面的都在。',
    too_large: '有照片太大，没有收：每张最大 5 MB，请截图或者压缩以后再发。',
    no_picture: '有一张打不开，没有收：请发 JPG 或 PNG 照片。',
    lost: '有照片没有传过来，请再发一次，或者用文字说一下。',
  },
  noDetails: '请先问一个问题，再说“详细”，我把整条念给您。',
} as const

/** What a message may want, as a button says it. */
export const WANTS: Record<Intent, string> = {
  ask_policy: '问政策', service_request: '报修办事', volunteer_signup: '报名帮忙', request_status: '问报过的事', announcement_admin: '发公告', rate_feedback: '评价',
  emergency: '有危险', human_handoff: '找工作人员', cancel: '不办了', smalltalk: '聊聊天', other: '都不是',
}

export const mainButtons = (): Button[] => [button('问政策', '帮助'), button('报修办事', '我要报修'), button('查进度'), button('当志愿者'), button('找工作人员', '转人工')]

/** Those of one's own that went into it, by their numbers. */
function mergedIn({ also = [] }: RequestSummary): string {
  const numbers = also.filter((one) => one.startsWith('SR-'))
  return numbers.length === 0 ? '' : `，${numbers.join('、')} 并在这里办`
}

/** One request in a list of one's own. */
export function describeRequest(request: RequestSummary): string {
  const what = request.description.length > 24 ? `${cleanTyped(request.description, { longest: 24 })}…` : request.description
  return `${request.number} ${request.category}：${STATUS_NAMES[request.status]}（${formatLocal(request.updatedAt)}）${mergedIn(request)}\n  ${what}${request.lastNote ? `\n  工作人员说：${request.lastNote}` : ''}${request.helper ? `\n  来帮忙的志愿者：${request.helper.name}，电话 ${request.helper.phone}` : ''}`
}

/** What a volunteer is told when staff change the registration; null when there is nothing to tell. */
export function volunteerNotice(volunteer: { number: string; name: string }, status: 'pending' | 'active' | 'paused' | 'left', note: string): { text: string; extras: { buttons: Button[]; citations: [] } } | null {
  const sentences = {
    pending: null,
    active: `${volunteer.name}，您的志愿者登记通过了，编号 ${volunteer.number}。谢谢您愿意帮邻居，有合适的事会在这里找您。`,
    paused: `${volunteer.name}，您的志愿者登记（${volunteer.number}）先暂停了，这段时间不会找您帮忙。`,
    left: `${volunteer.name}，您的志愿者登记（${volunteer.number}）没有通过或已经停了。谢谢您的心意，有疑问说“转人工”。`,
  }
  const sentence = sentences[status]
  if (sentence === null) return null
  return { text: note === '' ? sentence : `${sentence}\n工作人员说：${note}`, extras: { buttons: [], citations: [] } }
}
