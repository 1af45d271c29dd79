-- sales: how goods travel to customers, beside what the shipment itself says.

CREATE TABLE erp.shipment_detail (
	company_id integer NOT NULL,
	document_id bigint NOT NULL,
	first_document_id bigint NOT NULL,
	carrier text NOT NULL DEFAULT '',
	service text NOT NULL DEFAULT '',
	expected_day date,
	CONSTRAINT shipment_detail_key PRIMARY KEY (company_id, document_id),
	CONSTRAINT shipment_detail_document_fkey FOREIGN KEY (company_id, document_id) REFERENCES erp.document
);
CREATE INDEX shipment_detail_first ON erp.shipment_detail (company_id, first_document_id);

CREATE TABLE erp.shipment_package (
	company_id integer NOT NULL,
	document_id bigint NOT NULL,
	package_no integer NOT NULL,
	tracking text NOT NULL DEFAULT '',
	weight numeric(18,6),
	delivered_day date,
	CONSTRAINT shipment_package_key PRIMARY KEY (company_id, document_id, package_no),
	CONSTRAINT shipment_package_detail_fkey FOREIGN KEY (company_id, document_id) REFERENCES erp.shipment_detail
);
