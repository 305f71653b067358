-- 3. An option that users switch on and off: an event for each real change, none for a snapshot row or an update that leaves it as it was.
set 'auto.offset.reset'='earliest';
create stream `stg_option` with (kafka_topic='EVENT_MYSQL.SHOP.USER_OPTION', value_format='AVRO');

-- MySQL tells the row before and after; a new row is the first choice of a new user and counts as a change.
create stream `ev_push_option` with (kafka_topic='EVENT.PUSH.OPTION', key_format='JSON', value_format='JSON', partitions=1) as
  select after->id as `user_id`,
         case when after->push_enabled = 1 then 'ON' else 'OFF' end as `push`,
         after->updated_at as `changed_at`
  from `stg_option`
  where op = 'c' or (op = 'u' and before->push_enabled is distinct from after->push_enabled)
  partition by after->id emit changes;
