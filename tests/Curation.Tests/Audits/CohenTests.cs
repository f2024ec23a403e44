using FsCheck;
using FsCheck.Fluent;
using MedGenCluster.Curation.Audits;
using MedGenCluster.Curation.Tests.Support;

namespace MedGenCluster.Curation.Tests.Audits;

public sealed class CohenTests
{
    private static readonly Arbitrary<(int[] A, int[] B)> Pairs = Gen.Choose(1, 60)
        .SelectMany(n => Gen.Choose(0, 3).ArrayOf(n).SelectMany(a => Gen.Choose(0, 3).ArrayOf(n).Select(b => (a, b)))).ToArbitrary();

    public sealed record Case(string Name, string[] A, string[] B, double? Kappa);

    public sealed record Cases([property: System.Text.Json.Serialization.JsonPropertyName("cases")] Case[] All);

    public static TheoryData<string> Names => [.. Goldens.Json<Cases>("agreement", "kappa.json").All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Kappa_is_that_of_the_reference(string name)
    {
        var one = Goldens.Json<Cases>("agreement", "kappa.json").All.Single(one => one.Name == name);

        var kappa = Cohen.Kappa(one.A, one.B);

        Assert.Equal(one.Kappa is null, kappa is null);
        if (one.Kappa is { } expected)
        {
            Assert.Equal(expected, kappa!.Value, 1e-12);
        }
    }

    [Fact]
    public void Kappa_does_not_depend_on_who_is_first_or_on_the_order_of_things() => Check.QuickThrowOnFailure(Prop.ForAll(Pairs, pair =>
        Cohen.Kappa(pair.A, pair.B) == Cohen.Kappa(pair.B, pair.A)
        && Cohen.Kappa<int>(pair.A, pair.B) == Cohen.Kappa<int>([.. pair.A.Reverse()], [.. pair.B.Reverse()])));

    [Fact]
    public void Kappa_is_one_exactly_when_raters_agree_on_everything_and_use_two_labels() => Check.QuickThrowOnFailure(Prop.ForAll(Pairs, pair =>
        (Cohen.Kappa(pair.A, pair.B) == 1) == (pair.A.SequenceEqual(pair.B) && pair.A.Distinct().Count() > 1)));

    [Fact]
    public void Kappa_is_undefined_without_labels() => Assert.Null(Cohen.Kappa<int>([], []));

    [Fact]
    public void Different_numbers_of_labels_are_refused() => Assert.Throws<ArgumentException>(() => Cohen.Kappa<int>([1], [1, 2]));
}
