-- AlterTable
ALTER TABLE "Conversation" ADD COLUMN "readAt" DATETIME;
ALTER TABLE "Conversation" ADD COLUMN "takenBy" TEXT;
ALTER TABLE "Conversation" ADD COLUMN "takenFor" TEXT;
ALTER TABLE "Conversation" ADD COLUMN "takenUntil" DATETIME;

-- CreateTable
CREATE TABLE "ReplyTemplate" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "title" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "updatedAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "BulkAction" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "staffId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "changes" JSONB NOT NULL,
    "undoneAt" DATETIME
);

-- CreateIndex
CREATE UNIQUE INDEX "ReplyTemplate_title_key" ON "ReplyTemplate"("title");

-- CreateIndex
CREATE INDEX "BulkAction_staffId_at_idx" ON "BulkAction"("staffId", "at");
