# The contracts of the version after this one: every interface's version is raised, and the last field of what silos send most is followed by another, which is always sent.
s/, Version(1)\]/, Version(2)]/
s/\(ILaneListener ReplyTo\|StageOutcome? Result, \[property: Id(5)\] double Seconds\|bool VideosWait\))/\1, [property: Id(30)] string? Added = "later")/
/record ItemTicket/,/);/s/\(\[property: Id(5)\] string Options\))/\1, [property: Id(30)] string? Added = "later")/
