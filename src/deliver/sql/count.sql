select (select count(*) from {{rows}} as added), (select count(*) from {{matching}} as sent)
