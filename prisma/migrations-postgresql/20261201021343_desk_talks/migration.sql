-- AlterTable
ALTER TABLE "Conversation" ADD COLUMN     "readAt" TIMESTAMP(3),
ADD COLUMN     "takenBy" TEXT,
ADD COLUMN     "takenFor" TEXT,
ADD COLUMN     "takenUntil" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "ReplyTemplate" (
    "id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "ReplyTemplate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BulkAction" (
    "id" TEXT NOT NULL,
    "staffId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "changes" JSONB NOT NULL,
    "undoneAt" TIMESTAMP(3),

    CONSTRAINT "BulkAction_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "ReplyTemplate_title_key" ON "ReplyTemplate"("title");

-- CreateIndex
CREATE INDEX "BulkAction_staffId_at_idx" ON "BulkAction"("staffId", "at");
