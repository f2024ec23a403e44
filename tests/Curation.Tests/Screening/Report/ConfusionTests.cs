using System.Text;
using MedGenCluster.Curation.Screening.Report;

namespace MedGenCluster.Curation.Tests.Screening.Report;

public sealed class ConfusionTests
{
    [Fact]
    public void Precision_recall_and_f1_are_shares_of_the_counts()
    {
        var confusion = new Confusion(8, 2, 4, 6);

        Assert.Equal(0.8, confusion.Precision!.Value, 12);
        Assert.Equal(8.0 / 12, confusion.Recall!.Value, 12);
        Assert.Equal(16.0 / 22, confusion.F1!.Value, 12);
        Assert.Equal(20, confusion.Total);
    }

    [Fact]
    public void What_nothing_is_known_of_is_null_and_not_zero()
    {
        Assert.Equal((null, null, null), (default(Confusion).Precision, default(Confusion).Recall, default(Confusion).F1));
        Assert.Equal(0.0, new Confusion(0, 1, 1, 0).F1);
    }

    [Fact]
    public void Counting_one_by_one_adds_up()
    {
        var counted = default(Confusion).With(true, true).With(true, false).With(false, true).With(false, false).With(false, false);

        Assert.Equal(new Confusion(1, 1, 1, 2), counted);
        Assert.Equal(new Confusion(2, 2, 2, 4), counted + counted);
    }

    [Theory]
    [InlineData("medical", true)]
    [InlineData(" TRUE ", true)]
    [InlineData("1", true)]
    [InlineData("Non-Medical", false)]
    [InlineData("nonmedical", false)]
    [InlineData("0", false)]
    [InlineData("false", false)]
    [InlineData("", null)]
    [InlineData("10", null)]
    [InlineData("médical", null)]
    public void A_label_says_medical_or_not_or_neither(string text, bool? expected)
    {
        Assert.Equal(expected, MedicalLabel.Parse(text));
        Assert.Equal(expected, MedicalLabel.Parse(Encoding.UTF8.GetBytes(text)));
    }
}
