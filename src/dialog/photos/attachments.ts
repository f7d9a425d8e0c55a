import type { Attachment } from '../../domain/messages/messages.ts'
import { text } from '../text.ts'

const SENTENCES: Record<Attachment['kind'], string> = {
  photo: '照片收到了，可是我看不懂照片。请用文字说一下是什么事、在哪里。',
  voice: '语音收到了，可是我听不了语音。请用文字说一下，也可以用输入法的“语音输入”说成字。',
  video: '视频收到了，可是我看不懂视频。请用文字说一下是什么事、在哪里。',
  file: '文件收到了，可是我打不开文件。请用文字说一下是什么事。',
  location: '位置收到了，可是我看不出是哪一栋。请用文字写一下，比如：3号楼2单元。',
  sticker: text.onlyEmoji,
  contact: '名片收到了。要用的电话，请直接写数字给我。',
  other: '收到了，可是这种消息我看不懂。请用文字说一下是什么事、在哪里。',
}

/** What is said to a message that holds something to look at or to hear and no words. */
export const sentenceFor = (attachments: readonly Attachment[]): string => SENTENCES[attachments[0]?.kind ?? 'other']
