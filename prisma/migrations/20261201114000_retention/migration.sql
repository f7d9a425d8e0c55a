-- AlterTable
ALTER TABLE "ServiceRequest" ADD COLUMN "anonymizedAt" DATETIME;

-- CreateTable
CREATE TABLE "ErasedLogin" (
    "digest" TEXT NOT NULL PRIMARY KEY,
    "erasedAt" DATETIME NOT NULL,
    "optedOutAt" DATETIME
);

-- CreateIndex
CREATE INDEX "ErasedLogin_erasedAt_idx" ON "ErasedLogin"("erasedAt");

-- CreateIndex
CREATE INDEX "OutboxMessage_requestId_idx" ON "OutboxMessage"("requestId");
