-- 2. A user's first ever purchase: one event per user, however often the purchase row changes or is replayed.
set 'auto.offset.reset'='earliest';
create stream `stg_purchase` with (kafka_topic='EVENT_MYSQL.SHOP.PURCHASE', value_format='AVRO');

-- HAVING COUNT(*) = 1 holds at a user's first row only; at the second the row is deleted again (a tombstone).
create table `tb_first_purchase` with (kafka_topic='TABLE.FIRST.PURCHASE', key_format='JSON', value_format='JSON', partitions=1) as
  select after->user_id as `user_id`,
         earliest_by_offset(after->id) as `purchase_id`,
         earliest_by_offset(after->item) as `item`,
         earliest_by_offset(after->price) as `price`,
         earliest_by_offset(after->created_at) as `purchased_at`
  from `stg_purchase`
  where op = 'r' or op = 'c'
  group by after->user_id
  having count(*) = 1
  emit changes;

-- Read as a stream, the tombstones fall out: what stays is the event.
create stream `first_purchase_changes` (`user_id` int key, `purchase_id` int, `item` string, `price` bigint, `purchased_at` string)
  with (kafka_topic='TABLE.FIRST.PURCHASE', key_format='JSON', value_format='JSON');
create stream `ev_first_purchase` with (kafka_topic='EVENT.FIRST.PURCHASE', key_format='JSON', value_format='JSON', partitions=1) as
  select * from `first_purchase_changes` where `purchase_id` is not null emit changes;
