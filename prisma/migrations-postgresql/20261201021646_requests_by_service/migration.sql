-- CreateIndex
CREATE INDEX "ServiceRequest_serviceCode_createdAt_idx" ON "ServiceRequest"("serviceCode", "createdAt");
