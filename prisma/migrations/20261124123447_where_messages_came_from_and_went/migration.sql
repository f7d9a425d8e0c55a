-- AlterTable
ALTER TABLE "InboundMessage" ADD COLUMN "origin" JSONB;
ALTER TABLE "InboundMessage" ADD COLUMN "recordNumber" TEXT;
