namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>The fields of a candidate that the keyword stage reads.</summary>
public enum CandidateField
{
    Title,
    Description,
    Tags,
}
