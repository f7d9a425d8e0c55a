-- AlterTable
ALTER TABLE "Conversation" ADD COLUMN "goneAt" DATETIME;

-- AlterTable
ALTER TABLE "InboundMessage" ADD COLUMN "edits" TEXT;
