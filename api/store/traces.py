"""SQL for what is left of somebody in rows that are about others as well: for whoever erases, and for whoever restores."""

# Their id stays, as others' trips name it; where they live, when they could and what they need does not. Who they
# were to the solver can be worked out no more, so the hash of the whole goes, too. So do the road times: whoever knows how
# long somebody drives to twenty places knows where they live.
_COARSE = """
(one - 'needs' - 'traits' - 'company' - 'ready_at' - 'home_by') || jsonb_build_object(
  'lat', round((one->>'lat')::numeric, 1), 'lon', round((one->>'lon')::numeric, 1))
|| CASE WHEN one ? 'places' THEN jsonb_build_object('places', coalesce((SELECT jsonb_agg(
  place || jsonb_build_object('lat', round((place->>'lat')::numeric, 1), 'lon', round((place->>'lon')::numeric, 1)) ORDER BY at)
  FROM jsonb_array_elements(one->'places') WITH ORDINALITY AS of_place(place, at)), '[]')) ELSE '{}' END
"""
_PEOPLE = f"""
coalesce((SELECT jsonb_agg(CASE WHEN one->>'id' = ANY(:ids) THEN {_COARSE} ELSE one END ORDER BY nth)
  FROM jsonb_array_elements(instance->'%s') WITH ORDINALITY AS of_people(one, nth)), '[]')
"""  # noqa: S608
_DRIVERS, _RIDERS = _PEOPLE % "drivers", _PEOPLE % "riders"
BLUR = f"""
UPDATE %s SET instance = (instance - 'travel') || jsonb_build_object('drivers', {_DRIVERS}, 'riders', {_RIDERS}) %s
WHERE campaign_id = :campaign_id AND day = :day AND jsonb_typeof(instance) = 'object'
"""  # noqa: S608

# What others were told of them stands beside the letter, not in it; without their name it says "your driver".
UNNAME = """
UPDATE message SET facts = facts - 'rider_name' - 'driver_name' - 'late_name' - 'car'
WHERE campaign_id = :campaign_id AND :name IN (facts->>'rider_name', facts->>'driver_name', facts->>'late_name')
AND subject_id IN (
  SELECT id FROM lift WHERE offer_id = ANY(:ids)
  UNION ALL SELECT lift_id FROM lift_stop WHERE request_id = ANY(:ids)
  UNION ALL SELECT id FROM way_home WHERE offer_id = ANY(:ids) OR request_id = ANY(:ids))
"""

BLURRED = (("run", ", instance_hash = NULL"), ("repair", ""))
"""Tables with an instance, and what else goes there."""

FORGET_ANSWERS = "DELETE FROM geocoder_answer WHERE lat = :lat AND lon = :lon"

FORGET_DRAFTS = """
DELETE FROM draft WHERE campaign_id = :campaign_id AND (
  (:email <> '' AND lower(answers->>'email') = :email)
  OR (:number <> '' AND strpos(regexp_replace(coalesce(answers->>'phone', ''), '[^0-9]', '', 'g'), :number) > 0))
"""
