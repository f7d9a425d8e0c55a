-- AlterTable
ALTER TABLE "OneTimeCode" ADD COLUMN "roomId" TEXT;
