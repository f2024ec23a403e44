using FsCheck;
using FsCheck.Fluent;
using MedGenCluster.Curation.Audits;

namespace MedGenCluster.Curation.Tests.Audits;

public sealed class AcceptanceTests
{
    [Theory]
    [InlineData(200, 0, 0, AuditVerdict.Passed)]
    [InlineData(150, 40, 10, AuditVerdict.Passed)]
    [InlineData(150, 39, 11, AuditVerdict.Failed)]
    [InlineData(199, 0, 0, AuditVerdict.Open)]
    [InlineData(0, 0, 0, AuditVerdict.Open)]
    [InlineData(0, 0, 200, AuditVerdict.Failed)]
    public void A_stage_passes_when_95_percent_of_all_samples_are_acceptable(int clean, int slightlyNoisy, int noisy, AuditVerdict expected) =>
        Assert.Equal(expected, new Acceptance(clean, slightlyNoisy, noisy, 200).Verdict);

    [Fact]
    public void Marks_are_counted_by_kind()
    {
        var standing = Acceptance.Of([AuditMark.Clean, AuditMark.Noisy, AuditMark.SlightlyNoisy, AuditMark.Clean], 5);

        Assert.Equal(new Acceptance(2, 1, 1, 5), standing);
        Assert.Equal(0.75, standing.Share);
        Assert.Null(Acceptance.Of([], 5).Share);
    }

    // Newcombe (1998), table I: 81 of 263, 15 of 148 and 0 of 20, Wilson without continuity correction.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void The_interval_is_wilsons(long hits, long trials, double low, double high)
    {
        var interval = WilsonInterval.Of(hits, trials);

        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Fact]
    public void The_interval_holds_the_share_and_mirrors() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(1, 5000).SelectMany(n => Gen.Choose(0, n).Select(hits => (Hits: hits, Trials: n))).ToArbitrary(),
        one =>
        {
            var interval = WilsonInterval.Of(one.Hits, one.Trials);
            var mirrored = WilsonInterval.Of(one.Trials - one.Hits, one.Trials);
            var share = one.Hits / (double)one.Trials;
            return interval.Low <= share + 1e-12 && share <= interval.High + 1e-12 && Math.Abs(interval.Low - (1 - mirrored.High)) < 1e-9;
        }));
}
