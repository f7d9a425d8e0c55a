-- AlterTable
ALTER TABLE "Volunteer" ADD COLUMN     "namedById" TEXT;
