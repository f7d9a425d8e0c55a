-- AlterTable
ALTER TABLE "ServiceRequest" ADD COLUMN     "anonymizedAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "ErasedLogin" (
    "digest" TEXT NOT NULL,
    "erasedAt" TIMESTAMP(3) NOT NULL,
    "optedOutAt" TIMESTAMP(3),

    CONSTRAINT "ErasedLogin_pkey" PRIMARY KEY ("digest")
);

-- CreateIndex
CREATE INDEX "ErasedLogin_erasedAt_idx" ON "ErasedLogin"("erasedAt");

-- CreateIndex
CREATE INDEX "OutboxMessage_requestId_idx" ON "OutboxMessage"("requestId");
